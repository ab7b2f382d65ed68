package org.ioatlab.workload.packetdrill.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Ports;
import org.ioatlab.workload.packetdrill.script.Transport.Echoed;
import org.ioatlab.workload.packetdrill.script.Transport.SequenceRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets are written as scripts write them: what is written reads back as the same packet. */
class PacketTextTest {
    private static final int SEEDS = 2_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "< S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>",
                "> S. 0:0(0) ack 1 <...>",
                "> [ect0, flowlabel 0x12345, ttl 64] 8080 > 1234 FP. 1:1001(1000) ack 1 win 257 urg 3"
                        + " <nop,nop,TS val 100 ecr 200>",
                "> R 4294967295:5(6)!",
                "> R. ...(0) ack 0 <TS val ... ecr 7!>",
                "> . 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001 3001:4001>",
                "> - 0:0(0)",
                "< SEWA 0:0(0) <FO,nop,nop,FOEXP 12345678,md5 000102030405060708090a0b0c0d0e0f>",
                "< udp 53 > 1024 (100)",
                "< [ce] icmp unreachable frag_needed mtu 1400 [1:1001(1000)]",
                "> icmp echo_reply id 7 [raw (72)]",
                "> [tos 0x10] icmp unreachable port_unreachable [udp (64)]"
            })
    void packetsAreWrittenAsTheyAreRead(String text) throws ScriptSyntaxException {
        assertThat(ScriptsOf.onlyPacket("0 " + text)).hasToString(text);
    }

    @Test
    void whatIsWrittenReadsBackAsTheSamePacket() throws ScriptSyntaxException {
        for (int seed = 0; seed < SEEDS; seed++) {
            PacketSpec packet = packet(new Random(seed));
            assertThat(ScriptsOf.onlyPacket("0 " + packet))
                    .as("seed %d: %s", seed, packet)
                    .isEqualTo(packet);
        }
    }

    private static PacketSpec packet(Random random) {
        Ports ports = random.nextInt(3) == 0 ? new Ports(random.nextInt(0x10000), random.nextInt(0x10000)) : null;
        return switch (random.nextInt(6)) {
            case 0 -> new PacketSpec(Direction.OUTBOUND, ip(random), ports, new Transport.Udp(random.nextInt(1000)));
            case 1 -> new PacketSpec(Direction.OUTBOUND, ip(random), null, message(random));
            default -> new PacketSpec(Direction.OUTBOUND, ip(random), ports, segment(random));
        };
    }

    private static IpInfo ip(Random random) {
        IpInfo.Ecn ecn = IpInfo.Ecn.values()[random.nextInt(4)];
        int trafficClass = switch (ecn) {
            case UNCHECKED, ECT0_OR_ECT1 -> 0;
            case CODEPOINT -> random.nextInt(4);
            case TOS -> random.nextInt(256);
        };
        int flowLabel = random.nextBoolean() ? -1 : random.nextInt(0x100000);
        return new IpInfo(ecn, trafficClass, flowLabel, random.nextBoolean() ? -1 : 1 + random.nextInt(255));
    }

    private static Transport message(Random random) {
        Echoed echoed = switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> new Echoed.Tcp(sequence(random, SequenceRange.Mode.RELATIVE));
            case 2 -> new Echoed.Udp(random.nextInt(1000));
            default -> new Echoed.Raw(random.nextInt(1000));
        };
        int id = random.nextBoolean() ? -1 : random.nextInt(0x10000);
        return random.nextBoolean()
                ? new Transport.Icmp(3, 4, "unreachable", "frag_needed", random.nextInt(0x10000), id, echoed)
                : new Transport.Icmp(8, 0, "echo_request", null, -1, id, echoed);
    }

    private static Transport segment(Random random) {
        SequenceRange.Mode[] modes = SequenceRange.Mode.values();
        return new Transport.Tcp(
                random.nextInt(0x200),
                sequence(random, modes[random.nextInt(modes.length)]),
                random.nextBoolean() ? -1 : number32(random),
                random.nextBoolean() ? -1 : random.nextInt(0x10000),
                random.nextBoolean() ? 0 : random.nextInt(0x10000),
                random.nextInt(5) == 0 ? Transport.Options.ANY : new Transport.Options(false, options(random)));
    }

    private static SequenceRange sequence(Random random, SequenceRange.Mode mode) {
        return new SequenceRange(mode, mode == SequenceRange.Mode.ANY ? 0 : number32(random), random.nextInt(0x10000));
    }

    private static long number32(Random random) {
        return Integer.toUnsignedLong(random.nextInt());
    }

    private static List<TcpOption> options(Random random) {
        List<TcpOption> options = new ArrayList<>();
        int room = 40;
        for (TcpOption option = option(random); option.length() <= room; option = option(random)) {
            options.add(option);
            room -= option.length();
        }
        return options;
    }

    private static TcpOption option(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> new TcpOption.Nop();
            case 1 -> new TcpOption.Eol();
            case 2 -> new TcpOption.Mss(random.nextInt(0x10000));
            case 3 -> new TcpOption.WindowScale(random.nextInt(256));
            case 4 -> new TcpOption.SackPermitted();
            case 5 -> new TcpOption.Sack(blocks(random));
            case 6 -> {
                boolean any = random.nextInt(4) == 0;
                yield new TcpOption.Timestamps(any ? 0 : number32(random), any, number32(random), random.nextBoolean());
            }
            case 7 -> new TcpOption.Md5(digits(random, 16));
            case 8 -> new TcpOption.FastOpen(digits(random, random.nextInt(17)), random.nextBoolean());
            default -> new TcpOption.Unknown(random.nextInt(256), digits(random, random.nextInt(10)));
        };
    }

    private static List<TcpOption.Block> blocks(Random random) {
        List<TcpOption.Block> blocks = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            blocks.add(new TcpOption.Block(number32(random), number32(random)));
        }
        return blocks;
    }

    private static String digits(Random random, int bytes) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < 2 * bytes; i++) {
            digits.append(Character.forDigit(random.nextInt(16), 16));
        }
        return digits.toString();
    }
}
