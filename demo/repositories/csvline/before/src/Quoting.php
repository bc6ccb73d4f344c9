<?php

namespace CsvLine;

final class Quoting
{
    /** The field as it stands in a line: in quotes only where it must be. */
    public static function quote(string $field): string
    {
        if (strpbrk($field, "\",\r\n") === false) {
            return $field;
        }
        return '"' . str_replace('"', '""', $field) . '"';
    }
}
