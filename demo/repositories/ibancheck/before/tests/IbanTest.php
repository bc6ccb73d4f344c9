<?php

use PHPUnit\Framework\TestCase;

final class IbanTest extends TestCase
{
    public function testAcceptsBlanksBetweenGroups(): void
    {
        $this->assertTrue(iban_is_valid('GB82 WEST 1234 5698 7654 32'));
    }

    public function testRefusesWrongCheckDigits(): void
    {
        $this->assertFalse(iban_is_valid('GB83 WEST 1234 5698 7654 32'));
    }

    public function testRefusesOtherSigns(): void
    {
        $this->assertFalse(iban_is_valid('GB82-WEST-1234'));
    }
}
