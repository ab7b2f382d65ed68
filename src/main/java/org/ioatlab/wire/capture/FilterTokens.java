package org.ioatlab.wire.capture;

/** The words and signs of a filter expression, one at a time. */
final class FilterTokens {
    private static final String SIGNS = "()!";

    private final String text;
    private int start;
    private String word = "";

    FilterTokens(String text) {
        this.text = text;
        advance(0);
    }

    private void advance(int from) {
        start = from;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        word = text.substring(start, end());
    }

    private int end() {
        if (start == text.length()) {
            return start;
        }
        if (text.startsWith("&&", start) || text.startsWith("||", start)) {
            return start + 2;
        }
        int at = start;
        while (at < text.length() && isWordCharacter(text.charAt(at))) {
            at++;
        }
        return Math.max(at, start + 1);
    }

    private static boolean isWordCharacter(char character) {
        return !Character.isWhitespace(character)
                && SIGNS.indexOf(character) < 0
                && character != '&'
                && character != '|';
    }

    boolean atEnd() {
        return word.isEmpty();
    }

    /** The present word or sign; empty at the end. */
    String word() {
        return word;
    }

    boolean isOneOf(String... candidates) {
        for (String candidate : candidates) {
            if (word.equals(candidate)) {
                return true;
            }
        }
        return false;
    }

    /** Goes on to the next word if the present one is {@code expected}. */
    boolean take(String expected) {
        boolean taken = !atEnd() && word.equals(expected);
        if (taken) {
            advance(start + word.length());
        }
        return taken;
    }

    /** Whether the present word begins like a number. */
    boolean isNumber() {
        return !atEnd() && word.charAt(0) >= '0' && word.charAt(0) <= '9';
    }

    /** Takes a decimal number from 0 to {@code max}. */
    int number(String what, int max) throws FilterSyntaxException {
        int value = 0;
        for (int i = 0; i < word.length(); i++) {
            int digit = word.charAt(i) - '0';
            boolean fits = digit >= 0 && digit <= 9 && value <= max;
            value = fits ? value * 10 + digit : max + 1;
        }
        if (atEnd() || value > max) {
            throw expected(what + " from 0 to " + max);
        }
        advance(start + word.length());
        return value;
    }

    FilterSyntaxException expected(String what) {
        return new FilterSyntaxException(start + 1, what, atEnd() ? "the end" : "\"" + word + "\"");
    }
}
