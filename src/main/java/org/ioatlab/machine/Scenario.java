package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.kernel.dmaengine.Personality;

/** Known bugs of copy offload that users can have a machine come upon. */
public enum Scenario {
    /** Linux 3.13, "net_dma: mark broken". */
    COW_RACE(
            "Fork and copy-on-write race",
            "A read waits with its buffer pinned; the program forks and writes to the buffer's pages. Each write gives the program a"
                    + " copy of the page, while the engine goes on writing to the old one, which is the child's: the read returns all"
                    + " its bytes, and those that came after the write are missing.",
            "Nothing is lost where processors copy (copyOffload false, no channel, reads of at most copybreakBytes): they write to"
                    + " what is mapped at the time, after a fault of their own if it is shared. No released kernel has another cure.",
            "Linux commit 77873803363c, net_dma: mark broken (3.13, 2013)"),
    /** Linux commit 15c04175. */
    ZERO_WINDOW_DEADLOCK(
            "Zero-window deadlock",
            "A read with MSG_WAITALL of more than the receive buffer begins when that is full. Packets that the engine has copied stay in"
                    + " async_wait_queue, and on the receive buffer's account, until the read is over; the window stays closed, so the"
                    + " read is never over.",
            "linux-3.12 frees what the engine has copied before it sleeps with a closed window. ols2005 doesn't charge what waits for the"
                    + " engine. Without copyOffload packets are freed as they are copied.",
            "Linux commit 15c04175, which frees copied packets before a reader sleeps with a closed window"),
    /** R. Gushchin, linux-kernel, September 2014. */
    PIN_LEAK(
            "Pin leak",
            "A read names two buffers, and the second one's last pages don't exist. Pinning stops there and forgets the pages of the"
                    + " second buffer that it has pinned: they stay pinned for good. linux-2.6.18 and linux-2.6.24 also fail the read,"
                    + " though the data would have fitted.",
            "ols2005 lets go of all that it has pinned, and a processor copies. Without copyOffload nothing is pinned.",
            "R. Gushchin to linux-kernel, 3 September 2014, on dma_pin_iovec_pages()");

    private final String title;
    private final String goesWrong;
    private final String goesWell;
    private final String source;

    Scenario(String title, String goesWrong, String goesWell, String source) {
        this.title = title;
        this.goesWrong = goesWrong;
        this.goesWell = goesWell;
        this.source = source;
    }

    /** The personalities under which it goes wrong, with {@code copyOffload}. */
    public List<Personality> affected() {
        return switch (this) {
            case COW_RACE -> List.of(Personality.values());
            case ZERO_WINDOW_DEADLOCK -> List.of(Personality.LINUX_2_6_18, Personality.LINUX_2_6_24);
            case PIN_LEAK -> List.of(Personality.LINUX_2_6_18, Personality.LINUX_2_6_24, Personality.LINUX_3_12);
        };
    }

    /** What is written about it. */
    public ScenarioViews.Description description() {
        return new ScenarioViews.Description(
                name(),
                title,
                goesWrong,
                goesWell,
                affected().stream().map(Personality::label).toList(),
                source);
    }
}
