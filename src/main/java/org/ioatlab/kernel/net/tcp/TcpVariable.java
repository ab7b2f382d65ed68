package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.Picoseconds;
import org.jspecify.annotations.Nullable;

/**
 * The kernel variables of TCP ({@code /proc/sys/net}), a row each: its name, the least and the most that its numbers may be, and where they
 * are kept. Names and units are Linux's ({@code Documentation/networking/ip-sysctl.txt}). Over HTTP and in test scripts they are the same.
 */
public enum TcpVariable {
    TIMESTAMPS("net.ipv4.tcp_timestamps", flag(s -> s.timestamps, (s, on) -> s.timestamps = on)),
    SACK("net.ipv4.tcp_sack", flag(s -> s.sack, (s, on) -> s.sack = on)),
    DSACK("net.ipv4.tcp_dsack", flag(s -> s.dsack, (s, on) -> s.dsack = on)),
    WINDOW_SCALING("net.ipv4.tcp_window_scaling", flag(s -> s.windowScaling, (s, on) -> s.windowScaling = on)),
    AUTO_TUNING("net.ipv4.tcp_moderate_rcvbuf", flag(s -> s.autoTuning, (s, on) -> s.autoTuning = on)),
    ABORT_ON_OVERFLOW(
            "net.ipv4.tcp_abort_on_overflow", flag(s -> s.abortOnOverflow, (s, on) -> s.abortOnOverflow = on)),
    STANDARD_URGENT("net.ipv4.tcp_stdurg", flag(s -> s.standardUrgent, (s, on) -> s.standardUrgent = on)),
    /** Least, default and most bytes. */
    RECEIVE_BUFFER(
            "net.ipv4.tcp_rmem",
            bytes(s -> s.leastReceiveBuffer, (s, n) -> s.leastReceiveBuffer = (int) n),
            bytes(s -> s.receiveBuffer, (s, n) -> s.receiveBuffer = (int) n),
            bytes(s -> s.largestReceiveBuffer, (s, n) -> s.largestReceiveBuffer = (int) n)),
    /** Least, default and most bytes. */
    SEND_BUFFER(
            "net.ipv4.tcp_wmem",
            bytes(s -> s.leastSendBuffer, (s, n) -> s.leastSendBuffer = (int) n),
            bytes(s -> s.sendBuffer, (s, n) -> s.sendBuffer = (int) n),
            bytes(s -> s.largestSendBuffer, (s, n) -> s.largestSendBuffer = (int) n)),
    SYN_BACKLOG("net.ipv4.tcp_max_syn_backlog", count(1, 65_536, s -> s.synBacklog, (s, n) -> s.synBacklog = (int) n)),
    LISTEN_BACKLOG("net.core.somaxconn", count(0, 65_535, s -> s.listenBacklog, (s, n) -> s.listenBacklog = (int) n)),
    KEEP_ALIVE_IDLE("net.ipv4.tcp_keepalive_time", seconds(s -> s.keepAliveIdlePs, (s, ps) -> s.keepAliveIdlePs = ps)),
    KEEP_ALIVE_INTERVAL(
            "net.ipv4.tcp_keepalive_intvl", seconds(s -> s.keepAliveIntervalPs, (s, ps) -> s.keepAliveIntervalPs = ps)),
    KEEP_ALIVE_PROBES(
            "net.ipv4.tcp_keepalive_probes",
            count(1, 127, s -> s.keepAliveProbes, (s, n) -> s.keepAliveProbes = (int) n)),
    FIN_TIMEOUT("net.ipv4.tcp_fin_timeout", seconds(s -> s.finTimeoutPs, (s, ps) -> s.finTimeoutPs = ps)),
    LARGEST_TIME_WAITS(
            "net.ipv4.tcp_max_tw_buckets",
            count(0, 1 << 24, s -> s.largestTimeWaits, (s, n) -> s.largestTimeWaits = (int) n)),
    LOW_LATENCY("net.ipv4.tcp_low_latency", flag(s -> s.lowLatency, (s, on) -> s.lowLatency = on)),
    DMA_COPYBREAK(
            "net.ipv4.tcp_dma_copybreak", count(0, 1 << 30, s -> s.dmaCopybreak, (s, n) -> s.dmaCopybreak = (int) n));

    /** A day. */
    private static final long LONGEST_PS = 86_400 * Picoseconds.PER_SECOND;

    private static final int MOST_DIGITS = 10;

    /** One number of a variable. */
    private record Field(long least, long most, Getter getter, Setter setter) {}

    /** Where a number is read. */
    private interface Getter {
        long get(TcpSettings settings);
    }

    /** Where a number is written. */
    private interface Setter {
        void set(TcpSettings settings, long number);
    }

    /** Where a switch is read. */
    private interface SwitchGetter {
        boolean get(TcpSettings settings);
    }

    /** Where a switch is written. */
    private interface SwitchSetter {
        void set(TcpSettings settings, boolean on);
    }

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // nothing writes to the array, and what it holds has no state
    private final Field[] fields;

    TcpVariable(String key, Field... fields) {
        this.key = key;
        this.fields = fields;
    }

    /** The variable of that name, with dots; null if there is none. */
    public static @Nullable TcpVariable named(String key) {
        for (TcpVariable variable : values()) {
            if (variable.key.equals(key)) {
                return variable;
            }
        }
        return null;
    }

    /** Its name, with dots. */
    public String key() {
        return key;
    }

    /** What it takes, for example {@code a whole number from 0 to 1}. */
    public String range() {
        String numbers = fields.length == 1 ? "a whole number" : fields.length + " whole numbers";
        return numbers + " from " + fields[0].least + " to " + fields[0].most;
    }

    /** Its present value: its numbers, with spaces between them. */
    public String read(TcpSettings settings) {
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            text.append(text.isEmpty() ? "" : " ").append(field.getter.get(settings));
        }
        return text.toString();
    }

    /**
     * Sets it; false if it doesn't take that value, and all is as it was.
     *
     * @param value its numbers, with white space between them
     */
    public boolean write(TcpSettings settings, String value) {
        String[] words = value.strip().split("\\s+", -1);
        if (words.length != fields.length) {
            return false;
        }
        for (int i = 0; i < fields.length; i++) {
            if (!takes(fields[i], words[i])) {
                return false;
            }
        }
        for (int i = 0; i < fields.length; i++) {
            fields[i].setter.set(settings, Long.parseLong(words[i]));
        }
        return true;
    }

    private static boolean takes(Field field, String word) {
        if (word.isEmpty() || word.length() > MOST_DIGITS) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) < '0' || word.charAt(i) > '9') {
                return false;
            }
        }
        long number = Long.parseLong(word);
        return number >= field.least && number <= field.most;
    }

    private static Field flag(SwitchGetter getter, SwitchSetter setter) {
        return new Field(0, 1, s -> getter.get(s) ? 1 : 0, (s, n) -> setter.set(s, n != 0));
    }

    private static Field bytes(Getter getter, Setter setter) {
        return count(1, 1 << 30, getter, setter);
    }

    private static Field count(long least, long most, Getter getter, Setter setter) {
        return new Field(least, most, getter, setter);
    }

    private static Field seconds(Getter getter, Setter setter) {
        return time(Picoseconds.PER_SECOND, getter, setter);
    }

    /** A time kept in picoseconds and told in whole units, up to a day. */
    private static Field time(long unitPs, Getter getter, Setter setter) {
        return new Field(1, LONGEST_PS / unitPs, s -> getter.get(s) / unitPs, (s, n) -> setter.set(s, n * unitPs));
    }
}
