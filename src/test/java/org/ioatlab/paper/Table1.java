package org.ioatlab.paper;

import java.util.ArrayList;
import java.util.List;

/** Table 1 of the OLS 2005 paper: oprofile data taken during netperf's TCP receive test (TCP_MAERTS), e1000. The paper cut it off here. */
enum Table1 {
    COPY("__copy_user_intel", 48_876, 18.1772),
    RECEIVE("tcp_v4_rcv", 10_382, 3.8611),
    INTERRUPT("e1000_intr", 10_206, 3.7957),
    SCHEDULE("schedule", 7_640, 2.8414),
    ENABLE("e1000_irq_enable", 7_130, 2.6517),
    TYPE("eth_type_trans", 6_965, 2.5903),
    IDLE("default_idle", 6_355, 2.3635),
    BALANCE("find_busiest_group", 6_300, 2.3430),
    TAP("packet_rcv_spkt", 6_231, 2.3173);

    final String symbol;
    final int samples;
    final double percent;

    Table1(String symbol, int samples, double percent) {
        this.symbol = symbol;
        this.samples = samples;
        this.percent = percent;
    }

    /** The functions in the paper's order. */
    static List<String> symbols() {
        List<String> symbols = new ArrayList<>();
        for (Table1 row : values()) {
            symbols.add(row.symbol);
        }
        return symbols;
    }
}
