package org.ioatlab.kernel.net.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the engine still owes a read: nothing is done again whose source may be gone. */
class EngineCopiesTest {
    private final EngineCopies copies = new EngineCopies();

    private void add(int cookie) {
        copies.add(0x1000L * cookie, 0x2000L * cookie, 100 + cookie, cookie, cookie % 2 == 0);
    }

    @Test
    void forgetsWhatAFreedPacketTook() {
        for (int cookie = 5; cookie < 200; cookie++) {
            add(cookie);
        }
        copies.removeThrough(7);
        assertEquals(8, copies.firstCookie());
        assertEquals(0x8000, copies.firstTarget());
        assertEquals(0x1_0000, copies.firstSource());
        assertEquals(108, copies.firstLength());
        assertTrue(copies.isFirstEarly());
        assertEquals(199, copies.lastCookie());
        copies.removeThrough(7);
        assertEquals(8, copies.firstCookie(), "it was forgotten before");
        copies.removeThrough(199);
        assertTrue(copies.isEmpty());
        add(300);
        assertFalse(copies.isEmpty());
        assertEquals(300, copies.firstCookie());
    }

    /** Cookies begin anew at 1 behind the largest one. */
    @Test
    void cookiesThatWrapAreInOrder() {
        add(Integer.MAX_VALUE);
        add(1);
        add(2);
        copies.removeThrough(1);
        assertEquals(2, copies.firstCookie());
    }
}
