package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9293, 3.4. */
class SequenceNumberTest {
    private static final int LAST = 0xffff_ffff;

    @Test
    void theOrderGoesOnThroughTheWrap() {
        assertThat(SequenceNumber.before(LAST, 0)).isTrue();
        assertThat(SequenceNumber.before(0, LAST)).isFalse();
        assertThat(SequenceNumber.after(0, LAST)).isTrue();
        assertThat(SequenceNumber.before(0x7fff_ffff, 0x8000_0000)).isTrue();
        assertThat(SequenceNumber.after(0x8000_0000, 0x7fff_ffff)).isTrue();
    }

    @Test
    void equalNumbersAreNeitherBeforeNorAfter() {
        assertThat(SequenceNumber.before(7, 7)).isFalse();
        assertThat(SequenceNumber.after(7, 7)).isFalse();
        assertThat(SequenceNumber.beforeOrEqual(7, 7)).isTrue();
        assertThat(SequenceNumber.afterOrEqual(7, 7)).isTrue();
        assertThat(SequenceNumber.beforeOrEqual(8, 7)).isFalse();
        assertThat(SequenceNumber.afterOrEqual(7, 8)).isFalse();
    }

    @Test
    void aWindowHoldsItsLowEdgeAndNotItsHighOne() {
        assertThat(SequenceNumber.between(10, 10, 20)).isTrue();
        assertThat(SequenceNumber.between(19, 10, 20)).isTrue();
        assertThat(SequenceNumber.between(20, 10, 20)).isFalse();
        assertThat(SequenceNumber.between(9, 10, 20)).isFalse();
        assertThat(SequenceNumber.between(10, 10, 10)).isFalse();
        assertThat(SequenceNumber.between(3, LAST - 5, 4)).isTrue();
        assertThat(SequenceNumber.between(4, LAST - 5, 4)).isFalse();
    }

    @Test
    void distanceMaxAndMinFollowTheOrder() {
        assertThat(SequenceNumber.distance(LAST, 4)).isEqualTo(5);
        assertThat(SequenceNumber.distance(4, LAST)).isEqualTo(-5);
        assertThat(SequenceNumber.max(LAST, 4)).isEqualTo(4);
        assertThat(SequenceNumber.min(LAST, 4)).isEqualTo(LAST);
    }
}
