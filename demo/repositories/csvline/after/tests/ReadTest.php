<?php

use CsvLine\Line;
use PHPUnit\Framework\TestCase;

final class ReadTest extends TestCase
{
    public function testReadsPlainFields(): void
    {
        $this->assertSame(['a', '', 'b c'], Line::read('a,,b c'));
    }

    public function testKeepsACommaWithinQuotes(): void
    {
        $this->assertSame(['a,b', 'c'], Line::read('"a,b",c'));
    }

    public function testKeepsADoubledQuote(): void
    {
        $this->assertSame(['say "no"', 'b'], Line::read('"say ""no""",b'));
    }

    public function testReadsWhatItWrites(): void
    {
        $fields = ['"', 'a,"b"', '', 'c'];
        $this->assertSame($fields, Line::read(Line::write($fields)));
    }
}
