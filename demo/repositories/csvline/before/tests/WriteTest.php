<?php

use CsvLine\Line;
use PHPUnit\Framework\TestCase;

final class WriteTest extends TestCase
{
    public function testQuotesOnlyWhatNeedsIt(): void
    {
        $this->assertSame('a,"b,c"', Line::write(['a', 'b,c']));
    }

    public function testDoublesQuotes(): void
    {
        $this->assertSame('"say ""no"""', Line::write(['say "no"']));
    }
}
