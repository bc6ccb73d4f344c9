package demo.roman;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ParseTest {
    @Test
    void readsSubtractivePairs() {
        assertEquals(1994, RomanNumerals.parse("MCMXCIV"));
    }

    @Test
    void refusesOtherLetters() {
        assertThrows(IllegalArgumentException.class, () -> RomanNumerals.parse("XIB"));
        assertThrows(IllegalArgumentException.class, () -> RomanNumerals.parse(""));
    }

    @Test
    void refusesWhatWouldBeWrittenOtherwise() {
        for (String numeral : new String[] {"IIII", "VV", "CMC", "IXIV", "MMMM"}) {
            assertThrows(IllegalArgumentException.class, () -> RomanNumerals.parse(numeral), numeral);
        }
    }

    @Test
    void readsWhateverIsWritten() {
        for (int number = 1; number < 4000; number++) {
            assertEquals(number, RomanNumerals.parse(RomanNumerals.format(number)));
        }
    }
}
