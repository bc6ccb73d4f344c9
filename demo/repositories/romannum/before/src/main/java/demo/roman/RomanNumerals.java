package demo.roman;

/** Roman numerals from 1 to 3999, in the form that is taught today. */
public final class RomanNumerals {
    private static final int[] VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    private static final String[] SIGNS = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};

    private RomanNumerals() {}

    /** Writes a number; throws IllegalArgumentException when it is not between 1 and 3999. */
    public static String format(int number) {
        if (number < 1 || number > 3999) {
            throw new IllegalArgumentException("no Roman numeral for " + number);
        }
        StringBuilder written = new StringBuilder();
        int rest = number;
        for (int i = 0; i < VALUES.length; i++) {
            for (; rest >= VALUES[i]; rest -= VALUES[i]) {
                written.append(SIGNS[i]);
            }
        }
        return written.toString();
    }

    /** Reads a numeral in capitals; throws IllegalArgumentException for text that is not one. */
    public static int parse(String numeral) {
        int number = 0;
        String rest = numeral;
        for (int i = 0; i < VALUES.length; i++) {
            for (; rest.startsWith(SIGNS[i]); rest = rest.substring(SIGNS[i].length())) {
                number += VALUES[i];
            }
        }
        if (!rest.isEmpty() || number == 0) {
            throw new IllegalArgumentException("not a Roman numeral: " + numeral);
        }
        return number;
    }
}
