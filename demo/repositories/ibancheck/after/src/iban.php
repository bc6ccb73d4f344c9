<?php

require_once __DIR__ . '/remainder.php';

/** Whether the number has the form of an IBAN and its check digits are right. Blanks and case do not matter. */
function iban_is_valid(string $iban): bool
{
    $compact = iban_compact($iban);
    if (!preg_match('/^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/', $compact)) {
        return false;
    }
    return remainder(digits(substr($compact, 4) . substr($compact, 0, 4)), 97) === 1;
}

/** Four characters a group, as it is printed. */
function iban_print(string $iban): string
{
    return implode(' ', str_split(iban_compact($iban), 4));
}

/** In capitals and without white space, as it is stored. */
function iban_compact(string $iban): string
{
    return strtoupper(preg_replace('/\s+/', '', $iban));
}

/** Letters as numbers, A being 10. */
function digits(string $compact): string
{
    return preg_replace_callback('/[A-Z]/', fn (array $found) => (string) (ord($found[0]) - 55), $compact);
}
