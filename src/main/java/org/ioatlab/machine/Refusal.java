package org.ioatlab.machine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A command or look that can't be carried out; the machine is as it was before. Its kind, title and detail are made for the caller to
 * read.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong, in terms that a protocol can map to its own codes. */
    public enum Kind {
        /** A value outside its own range. */
        MALFORMED,
        /** No such object. */
        UNKNOWN,
        /** The object's state doesn't allow it now. */
        CONFLICT,
        /** The object existed and is gone. */
        GONE,
        /** Well formed, but meaningless against the object or other fields. */
        MEANINGLESS,
        /** A limit on what one client may have. */
        LIMIT,
        /** The machine's memory is exhausted. */
        OUT_OF_MEMORY,
        /** The service has too much to do. */
        OVERLOADED
    }

    private final Kind kind;
    private final String type;
    private final transient Map<String, Object> facts = new LinkedHashMap<>();

    /**
     * @param kind what is wrong
     * @param type a stable name for this problem, for example {@code channel-not-owned}
     * @param detail a sentence for this occurrence
     */
    public Refusal(Kind kind, String type, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
        this.type = type;
    }

    /** An unknown object. */
    public static Refusal unknown(String noun, Object id) {
        return new Refusal(Kind.UNKNOWN, "unknown-" + noun, "There is no " + noun + " " + id + ".");
    }

    /** A value that is meaningless here. */
    public static Refusal meaningless(String type, String detail) {
        return new Refusal(Kind.MEANINGLESS, type, detail);
    }

    /** A wrong state. */
    public static Refusal conflict(String type, String detail) {
        return new Refusal(Kind.CONFLICT, type, detail);
    }

    /** Adds something that a program can read: {@code state}, {@code allowed}, {@code errno}, {@code zones}. */
    public Refusal with(String name, Object value) {
        facts.put(name, value);
        return this;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** The problem's stable name. */
    public String type() {
        return type;
    }

    /** A sentence for this occurrence. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** What a program can read of it. */
    public Map<String, Object> facts() {
        return facts;
    }
}
