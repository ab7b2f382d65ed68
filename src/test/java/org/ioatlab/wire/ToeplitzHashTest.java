package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values are Microsoft's, "Verifying the RSS hash calculation". */
class ToeplitzHashTest {
    private static final String VERIFICATION_SUITE = """
            66.9.149.187,    2794,  161.142.100.80,  1766,  323e8fc2, 51ccc178
            199.92.111.2,    14230, 65.69.140.83,    4739,  d718262a, c626b0ea
            24.19.198.95,    12898, 12.22.207.184,   38024, d2d0a5de, 5c2b394a
            38.27.205.30,    48228, 209.142.163.6,   2217,  82989176, afc7327f
            153.39.163.191,  44251, 202.188.127.2,   1303,  5d1809c5, 10e828a2
            3ffe:2501:200:1fff::7,                2794,  3ffe:2501:200:3::1,        1766,  2cc18cd5, 40207d3d
            3ffe:501:8::260:97ff:fe40:efab,       14230, ff02::1,                   4739,  0f0c461c, dde51bbf
            3ffe:1900:4545:3:200:f8ff:fe21:67cf,  44251, fe80::200:f8ff:fe21:67cf,  38024, 4b61e985, 02d1feef
            """;

    @ParameterizedTest
    @CsvSource(textBlock = VERIFICATION_SUITE)
    void hashesAddressesAsTheVerificationSuiteSays(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            String addressesOnly,
            String withPorts) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);

        assertThat(hex(ToeplitzHash.DEFAULT.hash(from, to))).isEqualTo(addressesOnly);
        assertThat(hex(ToeplitzHash.DEFAULT.hash(from, to, sourcePort, destinationPort)))
                .isEqualTo(withPorts);
    }

    @ParameterizedTest
    @CsvSource(textBlock = VERIFICATION_SUITE)
    void hashesFramesAsTheVerificationSuiteSays(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            String addressesOnly,
            String withPorts) {
        byte[] frame = FrameBuilder.ethernet()
                .vlan(3)
                .ip(source, destination)
                .tcp(sourcePort, destinationPort)
                .build();
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        int ip = layout.networkOffset();
        int tcp = layout.transportOffset();
        ToeplitzHash hash = ToeplitzHash.DEFAULT;

        assertThat(hex(layout.isIpv4() ? hash.ipv4(frame, ip) : hash.ipv6(frame, ip)))
                .isEqualTo(addressesOnly);
        assertThat(hex(layout.isIpv4() ? hash.ipv4WithPorts(frame, ip, tcp) : hash.ipv6WithPorts(frame, ip, tcp)))
                .isEqualTo(withPorts);
    }

    @Test
    void agreesWithTheDefinitionBitByBit() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] key = new byte[ToeplitzHash.KEY_LENGTH];
            random.nextBytes(key);
            ToeplitzHash hash = new ToeplitzHash(key);
            byte[] input = new byte[64];
            random.nextBytes(input);
            for (int length = 0; length <= ToeplitzHash.MAX_INPUT_LENGTH; length++) {
                int offset = random.nextInt(input.length - length);
                assertThat(hash.hash(input, offset, length)).isEqualTo(bitByBit(key, input, offset, length));
            }
        });
    }

    /** "For each input bit: if 1, add the leftmost 32 key bits; shift the key left." */
    private static int bitByBit(byte[] key, byte[] input, int offset, int length) {
        int hash = 0;
        for (int bit = 0; bit < length * 8; bit++) {
            if (bit(input, offset * 8 + bit) == 1) {
                for (int i = 0; i < 32; i++) {
                    hash ^= bit(key, bit + i) << (31 - i);
                }
            }
        }
        return hash;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / 8] >>> (7 - index % 8) & 1;
    }

    @Test
    void sharesTheTableOfTheDefaultKey() {
        byte[] key = ToeplitzHash.DEFAULT.key();
        assertThat(HexFormat.of().formatHex(key)).startsWith("6d5a56da255b0ec2").endsWith("6a42b73bbeac01fa");
        assertThat(ToeplitzHash.of(key)).isSameAs(ToeplitzHash.DEFAULT);

        key[39] ^= 1;
        assertThat(ToeplitzHash.of(key)).isNotSameAs(ToeplitzHash.DEFAULT);
        assertThat(ToeplitzHash.of(key).key()).isEqualTo(key);
    }

    @Test
    void refusesKeysOfAnotherLengthAndMixedFamilies() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ToeplitzHash(new byte[39]));
        assertThatIllegalArgumentException().isThrownBy(() -> new ToeplitzHash(new byte[41]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToeplitzHash.DEFAULT.hash(IpAddress.parse("::1"), IpAddress.parse("10.0.0.1")));
    }

    private static String hex(int hash) {
        return HexFormat.of().toHexDigits(hash);
    }
}
