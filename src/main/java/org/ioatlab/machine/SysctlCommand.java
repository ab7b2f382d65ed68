package org.ioatlab.machine;

/**
 * What an administrator can set while the machine runs.
 *
 * @param <R> what it answers
 */
public sealed interface SysctlCommand<R> extends Command<R> {
    /**
     * Writes a variable below {@code /proc/sys}, at once. Connections keep the options and buffers that they began with.
     *
     * @param name with dots, such as {@code net.ipv4.tcp_sack}
     * @param value its numbers, with spaces between them
     */
    record Set(String name, String value) implements SysctlCommand<SysctlFace.Variable> {}
}
