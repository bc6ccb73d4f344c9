package demo.roman;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void writesSubtractivePairs() {
        assertEquals("MCMXCIV", RomanNumerals.format(1994));
    }

    @Test
    void refusesWhatHasNoNumeral() {
        assertThrows(IllegalArgumentException.class, () -> RomanNumerals.format(0));
        assertThrows(IllegalArgumentException.class, () -> RomanNumerals.format(4000));
    }
}
