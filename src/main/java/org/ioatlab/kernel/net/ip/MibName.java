package org.ioatlab.kernel.net.ip;

/** A counter's constant, which knows how the kernel spells it. */
public interface MibName {
    /** As {@code /proc/net/snmp} prints it, without the table's name. */
    String kernelName();
}
