package org.ioatlab.kernel.net.ip;

import java.util.List;

/** Counters of UDP (RFC 4113, in the spelling of Linux). */
public enum UdpMib implements MibName {
    IN_DATAGRAMS("InDatagrams"),
    NO_PORTS("NoPorts"),
    IN_ERRORS("InErrors"),
    OUT_DATAGRAMS("OutDatagrams"),
    RCVBUF_ERRORS("RcvbufErrors"),
    SNDBUF_ERRORS("SndbufErrors");

    /** In the kernel's order. */
    static final List<UdpMib> ALL =
            List.of(IN_DATAGRAMS, NO_PORTS, IN_ERRORS, OUT_DATAGRAMS, RCVBUF_ERRORS, SNDBUF_ERRORS);

    private final String kernelName;

    UdpMib(String kernelName) {
        this.kernelName = kernelName;
    }

    @Override
    public String kernelName() {
        return kernelName;
    }
}
