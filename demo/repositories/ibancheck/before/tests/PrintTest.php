<?php

use PHPUnit\Framework\TestCase;

final class PrintTest extends TestCase
{
    public function testPrintsGroupsOfFour(): void
    {
        $this->assertSame('NL91 ABNA 0417 1643 00', iban_print('NL91ABNA0417164300'));
    }
}
