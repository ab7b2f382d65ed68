package org.ioatlab.lab;

import java.util.concurrent.CompletionException;
import org.ioatlab.machine.Refusal;
import org.ioatlab.machine.Refusal.Kind;

/** The laboratory's own refusals. */
final class Refusals {
    private Refusals() {}

    static Refusal cancelled() {
        return Refusal.conflict("cancelled", "The command was cancelled; what it did until then stays done.");
    }

    static Refusal horizonReached() {
        return Refusal.conflict("horizon-reached", "The machine's clock has come to its end at 100 days.")
                .with("state", StoppedBy.HORIZON.name());
    }

    static Refusal deleted(String id) {
        return new Refusal(Kind.GONE, "machine-deleted", "Machine " + id + " was deleted.");
    }

    static Refusal expired(String id) {
        return new Refusal(Kind.GONE, "machine-expired", "Machine " + id + " expired because nobody used it.");
    }

    static Refusal closing() {
        return new Refusal(Kind.OVERLOADED, "closing", "The service is closing.");
    }

    static Refusal failed() {
        return Refusal.conflict("machine-failed", "The machine's simulation has failed; it can only be looked at.")
                .with("state", "FAILED");
    }

    static Refusal mailboxFull(int limit) {
        return new Refusal(
                Kind.OVERLOADED, "mailbox-full", "Already " + limit + " commands or looks wait for this machine.");
    }

    static Refusal noSuchSequence(long sequence, int last) {
        return Refusal.meaningless(
                "no-such-sequence", "The journal has entries 1 to " + last + ", not " + sequence + ".");
    }

    static Refusal nameTaken(String id) {
        return Refusal.conflict("name-taken", "There is already another machine " + id + ".");
    }

    /** The reason inside what a future's dependents get. */
    static RuntimeException unchecked(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        return cause instanceof RuntimeException e ? e : new CompletionException(cause);
    }

    static Refusal overloaded(String type, String limitName, long limit, String detail) {
        return new Refusal(Kind.OVERLOADED, type, detail)
                .with("limit", limitName)
                .with("value", limit);
    }

    static Refusal limit(String type, String limitName, long limit, String detail) {
        return new Refusal(Kind.LIMIT, type, detail).with("limit", limitName).with("value", limit);
    }
}
