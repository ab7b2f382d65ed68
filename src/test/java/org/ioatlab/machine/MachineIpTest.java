package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Icmp;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.junit.jupiter.api.Test;

/** IP of a whole machine: one for all its ports, with its counters, with and without the tap. */
class MachineIpTest {
    private static final long SECOND_PORT = FrameBuilder.RECEIVER + 1;

    private static TestMachine machine(boolean tap) {
        MachineSpec spec = Presets.IOAT.spec();
        KernelSpec kernel = spec.kernel();
        NicSpec nic = spec.nic();
        return new TestMachine(new MachineSpec(
                spec.platform(),
                1,
                spec.cpus(),
                spec.memory(),
                new NicSpec(
                        2,
                        nic.linkMbps(),
                        nic.mtu(),
                        nic.receiveQueues(),
                        nic.ringSize(),
                        nic.splitHeaders(),
                        nic.checksumOffload(),
                        nic.tso(),
                        nic.interruptsPerSecond()),
                spec.dma(),
                new KernelSpec(
                        kernel.personality(),
                        kernel.copyOffload(),
                        kernel.napiWeight(),
                        kernel.napiBudget(),
                        kernel.ackPolicy(),
                        kernel.tcpPersona(),
                        tap,
                        kernel.copybreakBytes(),
                        kernel.offloadChannels()),
                Map.of()));
    }

    private static void send(TestMachine m, String nic, byte[] frame) {
        m.run(new NicCommand.InjectFrames(nic, frame, new int[] {frame.length}, new long[1], false));
        m.settle();
    }

    private static byte[] question(String from, String to) {
        byte[] packet = new byte[Arp.LENGTH];
        int sender = IpAddress.parse(from).ipv4Bits();
        Arp.write(
                packet,
                0,
                Arp.REQUEST,
                FrameBuilder.SENDER + 7,
                sender,
                0,
                IpAddress.parse(to).ipv4Bits());
        byte[] frame =
                FrameBuilder.ethernet().type(Ethernet.TYPE_ARP).payload(packet).build();
        Ethernet.setDestination(frame, 0, 0xffff_ffff_ffffL);
        return frame;
    }

    private static byte[] echo(String from, String to) {
        byte[] message = new byte[Icmp.HEADER_LENGTH + 56];
        Icmp.writeEcho(message, 0, Icmp.ECHO_REQUEST, 1, 1);
        Icmp.writeChecksum(message, 0, message.length);
        byte[] frame = FrameBuilder.ethernet()
                .ipv4(from, to)
                .protocol(IpProtocol.ICMP)
                .payload(message)
                .build();
        Ethernet.setDestination(frame, 0, SECOND_PORT);
        return frame;
    }

    @Test
    void aHostOnTheSecondPortIsAnsweredThere() {
        TestMachine m = machine(true);
        String before = m.machine.digest();
        send(m, "eth1", question("10.0.1.2", "10.0.1.1"));
        send(m, "eth1", echo("10.0.1.2", "10.0.1.1"));

        assertThat(m.machine.nics().statistics("eth1")).containsEntry("tx_packets", 2L);
        assertThat(m.machine.nics().statistics("eth0")).containsEntry("tx_packets", 0L);
        assertThat(m.machine.digest()).isNotEqualTo(before);
        assertThat(m.machine.proc().read("net/arp").lines().toList())
                .containsExactly(
                        "IP address       HW type     Flags       HW address            Mask     Device",
                        "10.0.1.2         0x1         0x2         02:00:00:00:00:09     *        eth1");
        assertThat(m.machine.proc().read("net/snmp").lines().toList())
                .startsWith(
                        "Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards"
                                + " InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails"
                                + " FragOKs FragFails FragCreates",
                        "Ip: 2 64 1 0 0 0 0 0 1 1 0 0 0 0 0 0 0 0 0",
                        "Icmp: InMsgs InErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos"
                                + " InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors"
                                + " OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos"
                                + " OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps",
                        "Icmp: 1 0 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 0 0 1 0 0 0 0")
                .endsWith(
                        "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors", "Udp: 0 0 0 0 0 0");
        assertThat(m.machine.proc().read("net/snmp6").lines().toList())
                .hasSizeGreaterThan(40)
                .contains("Ip6InReceives                   \t0", "Udp6InDatagrams                 \t0");
    }

    @Test
    void anAddressOfOnePortIsTheMachinesOnEveryPort() {
        TestMachine m = machine(true);
        send(m, "eth1", question("10.0.1.2", "10.0.1.1"));
        send(m, "eth1", echo("10.0.1.2", "10.0.0.1"));

        assertThat(m.machine.nics().statistics("eth1")).containsEntry("tx_packets", 2L);
    }

    @Test
    void withoutTheTapNothingIsChargedForItAndNothingHeld() {
        TestMachine with = machine(true);
        TestMachine without = machine(false);
        for (TestMachine each : List.of(with, without)) {
            send(each, "eth1", question("10.0.1.2", "10.0.1.1"));
        }

        assertThat(profile(with)).contains("packet_rcv_spkt").contains("arp_rcv");
        assertThat(profile(without)).doesNotContain("packet_rcv_spkt").contains("arp_rcv");
        assertThat(without.refused(new NicCommand.SetTap("eth0", 5))).isEqualTo("CONFLICT no-packet-tap");
        assertThat(without.machine.nics().tap("eth1").received()).isZero();
        assertThat(with.run(new NicCommand.SetTap("eth0", 5)).hold()).isEqualTo(5);
    }

    private static String profile(TestMachine m) {
        return m.machine.cpus().profile(null).toString();
    }
}
