package org.ioatlab.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureFilterTest {
    private static final Map<String, byte[]> FRAMES = frames();

    private static Map<String, byte[]> frames() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        frames.put(
                "tcp4",
                FrameBuilder.ethernet()
                        .ipv4("10.0.0.2", "10.0.0.1")
                        .tcp(40000, 80)
                        .build());
        frames.put(
                "tcp6",
                FrameBuilder.ethernet()
                        .ipv6("fd00::2", "fd00::1")
                        .tcp(80, 40001)
                        .payload(100)
                        .build());
        frames.put(
                "udp4",
                FrameBuilder.ethernet()
                        .vlan(5)
                        .ipv4("10.0.0.1", "10.0.0.3")
                        .udp(53, 53)
                        .build());
        frames.put(
                "udp6",
                FrameBuilder.ethernet()
                        .vlan(6)
                        .ipv6("fd00::1", "fd00::3")
                        .hopByHop(8)
                        .udp(7, 80)
                        .build());
        frames.put(
                "icmp",
                FrameBuilder.ethernet()
                        .ipv4("10.0.0.2", "10.0.0.1")
                        .protocol(1)
                        .payload(8)
                        .build());
        frames.put(
                "icmp6",
                FrameBuilder.ethernet()
                        .ipv6("fd00::2", "fd00::1")
                        .protocol(58)
                        .payload(8)
                        .build());
        frames.put(
                "fragment",
                FrameBuilder.ethernet()
                        .ipv4("10.0.0.9", "10.0.0.1")
                        .ipv4Fragment(8, false)
                        .protocol(IpProtocol.TCP)
                        .payload(80)
                        .build());
        byte[] arp = new byte[60];
        Ethernet.writeHeader(arp, 0, FrameBuilder.RECEIVER, FrameBuilder.SENDER, Ethernet.TYPE_ARP);
        Arp.write(arp, 14, Arp.REQUEST, FrameBuilder.SENDER, 0x0a000002, 0, 0x0a000001);
        frames.put("arp", arp);
        return frames;
    }

    private static String chosen(String expression) throws FilterSyntaxException {
        CaptureFilter filter = CaptureFilter.parse(expression);
        FrameLayout layout = new FrameLayout();
        List<String> chosen = new ArrayList<>();
        FRAMES.forEach((name, frame) -> {
            layout.parse(frame, 0, frame.length);
            if (filter.matches(frame, layout)) {
                chosen.add(name);
            }
        });
        return String.join(" ", chosen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'' ; tcp4 tcp6 udp4 udp6 icmp icmp6 fragment arp",
                "ip ; tcp4 udp4 icmp fragment",
                "ip6 ; tcp6 udp6 icmp6",
                "arp ; arp",
                "tcp ; tcp4 tcp6 fragment",
                "udp ; udp4 udp6",
                "icmp ; icmp",
                "icmp6 ; icmp6",
                "vlan ; udp4 udp6",
                "vlan 5 ; udp4",
                "vlan and ip6 ; udp6",
                "host 10.0.0.1 ; tcp4 udp4 icmp fragment arp",
                "src host 10.0.0.1 ; udp4",
                "dst host 10.0.0.1 ; tcp4 icmp fragment arp",
                "arp host 10.0.0.2 ; arp",
                "host fd00::1 ; tcp6 udp6 icmp6",
                "src host FD00:0::1 ; udp6",
                "dst host fd00::1 ; tcp6 icmp6",
                "port 80 ; tcp4 tcp6 udp6",
                "src port 80 ; tcp6",
                "dst port 80 ; tcp4 udp6",
                "tcp port 80 ; tcp4 tcp6",
                "tcp dst port 80 ; tcp4",
                "greater 94 ; tcp6 fragment",
                "greater 114 ; fragment tcp6",
                "less 54 ; tcp4 udp4 icmp",
                "less 53 ; udp4 icmp",
                "not tcp and not udp ; icmp icmp6 arp",
                "!(tcp||udp)&&!arp ; icmp icmp6",
                "not ip ; tcp6 udp6 icmp6 arp",
                "not not arp ; arp",
                "arp or icmp and vlan ; ''",
                "arp or (icmp and vlan) ; arp",
                "icmp and vlan or arp ; arp",
                "  tcp\tand  ( src port 40000 )  ; tcp4",
            })
    void choosesFrames(String expression, String names) throws FilterSyntaxException {
        assertThat(chosen(expression).split(" ")).containsExactlyInAnyOrder(names.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "tcp and ; 8 ; 'ip, ip6, arp, tcp, udp, icmp, icmp6, vlan, host, port, src, dst, greater, less, not or ('",
                "http ; 1 ; 'ip, ip6, arp, tcp, udp, icmp, icmp6, vlan, host, port, src, dst, greater, less, not or ('",
                "TCP ; 1 ; 'ip, ip6, arp, tcp, udp, icmp, icmp6, vlan, host, port, src, dst, greater, less, not or ('",
                "tcp udp ; 5 ; 'and, or or the end'",
                "tcp) ; 4 ; 'and, or or the end'",
                "(tcp ; 5 ; 'and, or or )'",
                "() ; 2 ; 'ip, ip6, arp, tcp, udp, icmp, icmp6, vlan, host, port, src, dst, greater, less, not or ('",
                "src 10.0.0.1 ; 5 ; 'host or port'",
                "host localhost ; 6 ; 'an IPv4 or IPv6 address'",
                "host ; 5 ; 'an IPv4 or IPv6 address'",
                "port 65536 ; 6 ; 'a port from 0 to 65535'",
                "port -1 ; 6 ; 'a port from 0 to 65535'",
                "port 99999999999999999999 ; 6 ; 'a port from 0 to 65535'",
                "tcp port http ; 10 ; 'a port from 0 to 65535'",
                "vlan 4096 ; 6 ; 'a VLAN id from 0 to 4095'",
                "greater ; 8 ; 'a length from 0 to 262144'",
                "less 9x ; 6 ; 'a length from 0 to 262144'",
                "tcp & udp ; 5 ; 'and, or or the end'",
            })
    void saysWhereAnExpressionGoesWrong(String expression, int column, String expected) {
        FilterSyntaxException failure =
                catchThrowableOfType(FilterSyntaxException.class, () -> CaptureFilter.parse(expression));
        assertThat(failure.expected()).isEqualTo(expected);
        assertThat(failure.column()).isEqualTo(column);
    }

    @Test
    void theMessageNamesWhatWasFound() {
        FilterSyntaxException failure =
                catchThrowableOfType(FilterSyntaxException.class, () -> CaptureFilter.parse("tcp port http"));
        assertThat(failure).hasMessage("column 10: expected a port from 0 to 65535, found \"http\"");
        failure = catchThrowableOfType(FilterSyntaxException.class, () -> CaptureFilter.parse("(arp"));
        assertThat(failure).hasMessage("column 5: expected and, or or ), found the end");
    }

    @Test
    void theDeepestExpressionIsReadAndALongerOneRefused() throws FilterSyntaxException {
        int depth = (CaptureFilter.MAX_LENGTH - 4) / 2;
        String nested = "(".repeat(depth) + "arp" + ")".repeat(depth) + " ";
        assertThat(chosen(nested)).isEqualTo("arp");
        assertThat(chosen("!".repeat(CaptureFilter.MAX_LENGTH - 4) + "arp")).isEqualTo("arp");
        assertThat(CaptureFilter.parse(nested)).hasToString(nested);
        FilterSyntaxException failure =
                catchThrowableOfType(FilterSyntaxException.class, () -> CaptureFilter.parse(nested + " "));
        assertThat(failure.column()).isEqualTo(CaptureFilter.MAX_LENGTH + 1);
    }
}
