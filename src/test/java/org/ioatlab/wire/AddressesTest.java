package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::ffff:c000:201, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "fe80::200:f8ff:fe21:67cf, fe80::200:f8ff:fe21:67cf",
    })
    void readsIpAddressesAndWritesThemCanonically(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.-4",
                "01.2.3.4",
                "1.2.3.4 ",
                "1..2.3",
                "0x1.2.3.4",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "g::",
                ":1::",
                "1::2:",
                "fe80::1%eth0",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "localhost",
                "\u0661.2.3.4",
                "99999999999.1.1.1"
            })
    void refusesWhatIsNotAnIpAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessage("not an IP address: \"" + text + "\"");
    }

    @Test
    void everyIpAddressReadsBackAsItself() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            IpAddress v6 = IpAddress.ipv6(sparse(random), sparse(random));
            IpAddress v4 = IpAddress.ipv4(random.nextInt());
            assertThat(IpAddress.parse(v6.toString())).isEqualTo(v6);
            assertThat(IpAddress.parse(v4.toString())).isEqualTo(v4);
        });
    }

    /** Four groups, each zero every other time, so that runs of zero groups of every length occur. */
    private static long sparse(SplittableRandom random) {
        long bits = 0;
        for (int group = 0; group < 4; group++) {
            bits = bits << 16 | (random.nextBoolean() ? random.nextInt(0x1_0000) : 0);
        }
        return bits;
    }

    @Test
    void anIpv4AddressHasNoMoreThan32Bits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(IpAddress.Family.IPV4, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(IpAddress.Family.IPV4, 0, 1L << 32));
        assertThat(IpAddress.ipv4(0xc0000201)).hasToString("192.0.2.1");
    }

    @Test
    void readsAndWritesMacAddresses() {
        assertThat(MacAddress.parse("02:00:5E:10:00:ff").bits()).isEqualTo(0x02005e1000ffL);
        assertThat(MacAddress.parse("02-00-5e-10-00-ff")).hasToString("02:00:5e:10:00:ff");
        assertThat(MacAddress.BROADCAST).hasToString("ff:ff:ff:ff:ff:ff");
        assertThat(new MacAddress(0)).hasToString("00:00:00:00:00:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:00:5e:10:00",
                "02:00:5e:10:00:0g",
                "02:00-5e:10:00:01",
                "02.00.5e.10.00.01",
                "02:00:5e:10:00:01:",
                "0:20:05:e1:00:001",
                "02:00:5e:10:00:+1"
            })
    void refusesWhatIsNotAMacAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse(text));
    }

    @Test
    void groupAddressesHaveTheGroupBit() {
        assertThat(MacAddress.BROADCAST.isGroup()).isTrue();
        assertThat(MacAddress.parse("33:33:00:00:00:01").isGroup()).isTrue();
        assertThat(MacAddress.parse("02:00:00:00:00:01").isGroup()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    }
}
