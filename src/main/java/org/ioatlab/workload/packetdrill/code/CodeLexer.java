package org.ioatlab.workload.packetdrill.code;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a code block into tokens as Python does, but for indentation, which means nothing here. */
final class CodeLexer {
    private static final Pattern TOKEN = Pattern.compile("(?<space>[ \\t\\r]+|#[^\\n]*|\\\\\\r?\\n)"
            + "|(?<newline>\\n|;)"
            + "|(?<number>0[xX][0-9a-fA-F]+|[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)"
            + "|(?<name>[A-Za-z_][A-Za-z0-9_]*)"
            + "|(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*')"
            + "|(?<mark>\\*\\*|//|<<|>>|[<>=!]=|[-+*/%&|^~<>()\\[\\],=.:])");

    private final String code;
    private final Matcher matcher;
    private final List<CodeToken> tokens = new ArrayList<>();
    private int line = 1;
    private int lineStart;
    private int depth;

    private CodeLexer(String code) {
        this.code = code;
        this.matcher = TOKEN.matcher(code);
    }

    static List<CodeToken> tokens(String code) throws CodeSyntaxException {
        CodeLexer lexer = new CodeLexer(code);
        int at = 0;
        while (at < code.length()) {
            at = lexer.next(at);
        }
        lexer.tokens.add(lexer.token(CodeToken.Kind.END, "", code.length()));
        return lexer.tokens;
    }

    private int next(int at) throws CodeSyntaxException {
        if (!matcher.region(at, code.length()).lookingAt()) {
            CodeToken character = token(CodeToken.Kind.MARK, code.substring(at, at + 1), at);
            throw new CodeSyntaxException(character, "unexpected character " + character.shown() + " in a code block");
        }
        int end = matcher.end();
        String text = matcher.group();
        if (matcher.group("newline") != null) {
            newline(text, at);
        } else if (matcher.group("number") != null) {
            tokens.add(token(CodeToken.Kind.NUMBER, text, at));
        } else if (matcher.group("name") != null) {
            tokens.add(token(CodeToken.Kind.NAME, text, at));
        } else if (matcher.group("string") != null) {
            tokens.add(token(CodeToken.Kind.STRING, text.substring(1, text.length() - 1), at));
        } else if (matcher.group("mark") != null) {
            depth += "([".contains(text) ? 1 : ")]".contains(text) ? -1 : 0;
            tokens.add(token(CodeToken.Kind.MARK, text, at));
        } else if (text.endsWith("\n")) {
            newLine(end);
        }
        return end;
    }

    private void newline(String text, int at) {
        if (depth <= 0 || text.equals(";")) {
            tokens.add(token(CodeToken.Kind.NEWLINE, text, at));
        }
        if (text.equals("\n")) {
            newLine(at + 1);
        }
    }

    private void newLine(int start) {
        line++;
        lineStart = start;
    }

    private CodeToken token(CodeToken.Kind kind, String text, int at) {
        return new CodeToken(kind, text, line, at - lineStart + 1);
    }
}
