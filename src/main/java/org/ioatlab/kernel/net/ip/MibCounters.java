package org.ioatlab.kernel.net.ip;

import java.util.List;

/**
 * A table of counters under the kernel's names, as {@code /proc/net} prints it. Kept for observation only.
 *
 * @param <E> its counters
 */
public final class MibCounters<E extends Enum<E> & MibName> {
    private final String table;
    private final List<E> printed;
    private final long[] values;

    /**
     * A table of zeros.
     *
     * @param table its name, {@code Ip} for example
     * @param printed the counters that it shows, in order; at least one
     */
    public MibCounters(String table, List<E> printed) {
        this.table = table;
        this.printed = List.copyOf(printed);
        values = new long[printed.getFirst().getDeclaringClass().getEnumConstants().length];
    }

    /** Counts one. */
    public void increment(E counter) {
        values[counter.ordinal()]++;
    }

    /** Counts several. */
    public void add(E counter, long count) {
        values[counter.ordinal()] += count;
    }

    /** Sets what isn't a count. */
    public void set(E counter, long value) {
        values[counter.ordinal()] = value;
    }

    /** The count. */
    public long get(E counter) {
        return values[counter.ordinal()];
    }

    /** A line of names and a line of values, each begun by the table's name. */
    public String lines() {
        StringBuilder names = new StringBuilder(table).append(':');
        StringBuilder numbers = new StringBuilder(table).append(':');
        for (E counter : printed) {
            names.append(' ').append(counter.kernelName());
            numbers.append(' ').append(get(counter));
        }
        return names.append('\n').append(numbers).append('\n').toString();
    }

    /** A line for each counter, its name begun by the table's. */
    public String column() {
        StringBuilder text = new StringBuilder();
        for (E counter : printed) {
            text.append("%-32s\t%d\n".formatted(table + counter.kernelName(), get(counter)));
        }
        return text.toString();
    }
}
