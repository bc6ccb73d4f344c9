<?php

require_once __DIR__ . '/remainder.php';

/** Whether the number has the form of an IBAN and its check digits are right. Blanks do not matter. */
function iban_is_valid(string $iban): bool
{
    $compact = str_replace(' ', '', $iban);
    if (!preg_match('/^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/', $compact)) {
        return false;
    }
    return remainder(digits(substr($compact, 4) . substr($compact, 0, 4)), 97) === 1;
}

/** Four characters a group, as it is printed. */
function iban_print(string $iban): string
{
    return implode(' ', str_split(str_replace(' ', '', $iban), 4));
}

/** Letters as numbers, A being 10. */
function digits(string $compact): string
{
    return preg_replace_callback('/[A-Z]/', fn (array $found) => (string) (ord($found[0]) - 55), $compact);
}
