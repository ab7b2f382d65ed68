package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.wire.ChecksumStatus.BAD;
import static org.ioatlab.wire.ChecksumStatus.GOOD;
import static org.ioatlab.wire.ChecksumStatus.NOT_CHECKED;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChecksumVerifierTest {
    private static FrameBuilder ipv4() {
        return FrameBuilder.ethernet().ipv4("10.0.0.2", "10.0.0.1");
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet().ipv6("fd00::2", "fd00::1");
    }

    private static ChecksumStatus ipv4Header(byte[] frame) {
        return ChecksumVerifier.ipv4Header(frame, layout(frame));
    }

    private static ChecksumStatus transport(byte[] frame) {
        return ChecksumVerifier.transport(frame, layout(frame));
    }

    private static FrameLayout layout(byte[] frame) {
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        return layout;
    }

    @Test
    void rightChecksumsAreGood() {
        for (int payload = 0; payload < 20; payload++) {
            assertThat(transport(ipv4().tcp(1, 2, Tcp.ACK, 12).payload(payload).build()))
                    .isEqualTo(GOOD);
            assertThat(transport(ipv4().udp(1, 2).payload(payload).padding(7).build()))
                    .isEqualTo(GOOD);
            assertThat(transport(ipv6().tcp(1, 2).payload(payload).padding(1).build()))
                    .isEqualTo(GOOD);
            assertThat(transport(ipv6().udp(1, 2).payload(payload).build())).isEqualTo(GOOD);
        }
        assertThat(transport(
                        ipv6().hopByHop(8).routing(24, 0).tcp(1, 2).payload(9).build()))
                .isEqualTo(GOOD);
        assertThat(ipv4Header(ipv4().ipv4Options(12).tcp(1, 2).build())).isEqualTo(GOOD);
    }

    @Test
    void everyFlippedBitUnderAChecksumMakesItBad() {
        byte[] frame = ipv4().tcp(1, 2).payload(5).build();
        for (int bit = 14 * 8; bit < 34 * 8; bit++) {
            byte[] flipped = flip(frame, bit);
            if (layout(flipped).isIpv4()) {
                assertThat(ipv4Header(flipped)).isEqualTo(BAD);
            }
        }
        for (int bit = 34 * 8; bit < frame.length * 8; bit++) {
            byte[] flipped = flip(frame, bit);
            assertThat(transport(flipped)).isEqualTo(layout(flipped).isMalformed() ? NOT_CHECKED : BAD);
        }
    }

    private static byte[] flip(byte[] frame, int bit) {
        byte[] flipped = frame.clone();
        flipped[bit / 8] ^= (byte) (0x80 >>> bit % 8);
        return flipped;
    }

    @Test
    void fragmentsAndOtherProtocolsAreNotChecked() {
        assertThat(transport(ipv4().ipv4Fragment(0, true).udp(1, 2).payload(8).build()))
                .isEqualTo(NOT_CHECKED);
        assertThat(transport(
                        ipv4().ipv4Fragment(8, false).protocol(17).payload(8).build()))
                .isEqualTo(NOT_CHECKED);
        assertThat(transport(ipv6().ipv6Fragment(0, true).tcp(1, 2).build())).isEqualTo(NOT_CHECKED);
        assertThat(transport(ipv4().protocol(IpProtocol.ICMP).payload(8).build()))
                .isEqualTo(NOT_CHECKED);
        assertThat(ipv4Header(ipv4().ipv4Fragment(8, false).protocol(17).build()))
                .isEqualTo(GOOD);
    }

    @Test
    void onlyIpv4HasAHeaderChecksum() {
        assertThat(ipv4Header(ipv6().tcp(1, 2).build())).isEqualTo(NOT_CHECKED);
        assertThat(ipv4Header(FrameBuilder.ethernet().type(0x88cc).payload(46).build()))
                .isEqualTo(NOT_CHECKED);
    }

    @Test
    void udpWithoutAChecksumIsAllowedOverIpv4Only() {
        byte[] v4 = ipv4().udp(1, 2).payload(4).build();
        Udp.setChecksum(v4, 34, 0);
        assertThat(transport(v4)).isEqualTo(NOT_CHECKED);
        byte[] v6 = ipv6().udp(1, 2).payload(4).build();
        Udp.setChecksum(v6, 54, 0);
        assertThat(transport(v6)).isEqualTo(BAD);
    }

    @Test
    void aComputedUdpChecksumOfZeroIsSentAsAllOnes() {
        byte[] frame = ipv4().udp(1, 2).payload(2).build();
        // With the old checksum as payload word, the new sum is all ones.
        BigEndian.put16(frame, 42, BigEndian.u16(frame, 42) + Udp.checksum(frame, 34));
        int pseudo = InternetChecksum.pseudoHeaderIpv4(frame, 14, IpProtocol.UDP, 10);
        Udp.writeChecksum(frame, 34, 10, pseudo);

        assertThat(Udp.checksum(frame, 34)).isEqualTo(0xffff);
        assertThat(transport(frame)).isEqualTo(GOOD);
    }

    @Test
    void whatIsCutOrSentOnIsNotChecked() {
        byte[] whole = ipv4().tcp(1, 2).payload(40).build();
        assertThat(transport(Arrays.copyOf(whole, whole.length - 1))).isEqualTo(NOT_CHECKED);
        assertThat(transport(ipv6().routing(24, 1).tcp(1, 2).build())).isEqualTo(NOT_CHECKED);
    }
}
