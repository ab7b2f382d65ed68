package org.ioatlab.workload.packetdrill.code;

import java.util.List;

/** A code block's tokens and the one that is looked at. */
final class CodeCursor {
    private final List<CodeToken> tokens;
    private int index;

    CodeCursor(List<CodeToken> tokens) {
        this.tokens = tokens;
    }

    CodeToken peek() {
        return tokens.get(index);
    }

    CodeToken take() {
        CodeToken token = peek();
        index = Math.min(index + 1, tokens.size() - 1);
        return token;
    }

    boolean atEnd() {
        return peek().kind() == CodeToken.Kind.END;
    }

    boolean atLineEnd() {
        return atEnd() || peek().kind() == CodeToken.Kind.NEWLINE;
    }

    boolean took(String mark) {
        boolean found = peek().is(mark);
        if (found) {
            take();
        }
        return found;
    }

    boolean tookName(String name) {
        boolean found = peek().isName(name);
        if (found) {
            take();
        }
        return found;
    }

    void expect(String mark) throws CodeSyntaxException {
        if (!took(mark)) {
            throw new CodeSyntaxException(peek(), "expected '" + mark + "', found " + peek().shown());
        }
    }

    CodeSyntaxException unexpected() {
        return new CodeSyntaxException(peek(), "unexpected " + peek().shown() + " in a code block");
    }
}
