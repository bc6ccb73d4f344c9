<?php

namespace CsvLine;

final class Line
{
    /**
     * The fields of a line. A quoted field may hold commas, and quotes that are doubled.
     *
     * @return string[]
     */
    public static function read(string $line): array
    {
        $fields = [];
        $field = '';
        $quoted = false;
        for ($at = 0; $at < strlen($line); $at++) {
            $char = $line[$at];
            if ($char === '"') {
                $quoted = !$quoted;
            } elseif ($char === ',' && !$quoted) {
                $fields[] = $field;
                $field = '';
            } else {
                $field .= $char;
            }
        }
        $fields[] = $field;
        return $fields;
    }

    /** @param string[] $fields */
    public static function write(array $fields): string
    {
        return implode(',', array_map([Quoting::class, 'quote'], $fields));
    }
}
