package org.ioatlab.workload.packetdrill.script;

/** Backslashes in strings, as in C. */
final class Escapes {
    private Escapes() {}

    static String resolve(Token string) {
        String text = string.text();
        StringBuilder value = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\\' && text.startsWith("x", i + 1)) {
                value.append((char) hex(string, i + 2));
                i += 3;
            } else if (character == '\\') {
                value.append(simple(string, ++i));
            } else {
                value.append(character);
            }
        }
        return value.toString();
    }

    private static int hex(Token string, int from) {
        String text = string.text();
        int high = from < text.length() ? Character.digit(text.charAt(from), 16) : -1;
        int low = from + 1 < text.length() ? Character.digit(text.charAt(from + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new SyntaxFault(string.at(), "\\x wants two hexadecimal digits");
        }
        return high << 4 | low;
    }

    private static char simple(Token string, int at) {
        char character = string.text().charAt(at);
        return switch (character) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '0' -> '\0';
            default -> character;
        };
    }
}
