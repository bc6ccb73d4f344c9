<?php

/** The remainder of a decimal number of any length. */
function remainder(string $digits, int $divisor): int
{
    $rest = 0;
    foreach (str_split($digits) as $digit) {
        $rest = ($rest * 10 + (int) $digit) % $divisor;
    }
    return $rest;
}
