package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Network ports of a whole machine. */
class PortsTest {
    /** An 802.3 test frame of 60 bytes to whatever address is put in front. */
    private static final String BEHIND_ADDRESS = "02000000000988b5" + "00".repeat(46);

    @Test
    void eightPortsReceiveSideBySide() {
        TestMachine m = machine(nic -> ports(nic, 8, 1), 4);
        assertThat(m.machine.nics().nics())
                .extracting(NicViews.Nic::id)
                .containsExactly("eth0", "eth1", "eth2", "eth3", "eth4", "eth5", "eth6", "eth7");
        for (NicViews.Nic nic : m.machine.nics().nics()) {
            send(m, nic, 3);
        }
        m.settle();
        for (NicViews.Nic nic : m.machine.nics().nics()) {
            assertThat(m.machine.nics().statistics(nic.id())).containsEntry("rx_packets", 3L);
            assertThat(m.machine.nics().tap(nic.id()).received()).isEqualTo(3);
        }
    }

    @Test
    void portsHaveAddressesOfTheirOwn() {
        List<NicViews.Nic> nics =
                machine(nic -> ports(nic, 2, 1), 4).machine.nics().nics();
        assertThat(nics.get(0).mac()).isEqualTo("02:00:00:00:00:01");
        assertThat(nics.get(1).mac()).isEqualTo("02:00:00:00:00:02");
        assertThat(nics.get(1).ipv4()).isEqualTo("10.0.1.1");
        assertThat(nics.get(1).ipv6()).isEqualTo("fd00:0:0:1::1");
        assertThat(nics.get(1).pciAddress()).isEqualTo("0000:02:00.0");
    }

    @Test
    void aMachineWithOneProcessorUsesOneQueueHoweverManyAreAskedFor() {
        TestMachine m = machine(nic -> ports(nic, 1, 4), 1);
        assertThat(m.machine.nics().nic("eth0").receiveQueues()).isEqualTo(1);
        NicViews.Nic after = m.run(new NicCommand.Configure("eth0", null, null, 8, null, null, null, null));
        assertThat(after.receiveQueues()).isEqualTo(1);
    }

    @Test
    void framesWaitWhileTheCableIsOut() {
        TestMachine m = machine(nic -> ports(nic, 2, 1), 2);
        assertThat(m.run(cable("eth0", false)).linkUp()).isFalse();
        send(m, m.machine.nics().nic("eth0"), 3);
        send(m, m.machine.nics().nic("eth1"), 3);
        m.settle();
        assertThat(m.machine.nics().nic("eth0").framesOnWire()).isEqualTo(3);
        assertThat(m.machine.nics().tap("eth1").received()).isEqualTo(3);
        String out = m.machine.digest();
        assertThat(m.run(cable("eth0", true)).linkUp()).isTrue();
        assertThat(m.machine.digest()).isNotEqualTo(out);
        m.settle();
        assertThat(m.machine.nics().tap("eth0").received()).isEqualTo(3);
    }

    private static NicCommand.Configure cable(String nic, boolean in) {
        return new NicCommand.Configure(nic, null, null, null, null, null, null, in);
    }

    @Test
    void segmentationIsSwitchedOffAndOn() {
        TestMachine m = machine(nic -> ports(nic, 1, 1), 1);
        assertThat(m.machine.nics().nic("eth0").tso()).isTrue();
        NicCommand.Configure off = new NicCommand.Configure("eth0", null, null, null, null, null, false, null);
        assertThat(m.run(off).tso()).isFalse();
        assertThat(m.machine.nics().nic("eth0").linkUp()).isTrue();
    }

    @Test
    void fourQueuesArePolledByFourProcessorsCoresFirst() {
        TestMachine m = machine(nic -> ports(nic, 1, 4), 4);
        List<Integer> cpus = new ArrayList<>();
        for (int queue = 0; queue < 4; queue++) {
            cpus.add(m.machine.nics().queue("eth0", queue, 0, 1).cpu());
        }
        assertThat(cpus).containsExactly(0, 1, 2, 3);
    }

    @Test
    void ringsThatMemoryCannotHoldAreAnAnswer() {
        assertThatThrownBy(() -> machine(nic -> new NicSpec(8, 1000, 9000, 8, 4096, false, true, true, 8000), 4))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.OUT_OF_MEMORY);
                    assertThat(refusal.facts()).containsKey("zones");
                });
    }

    @Test
    void settingsThatMemoryCannotHoldLeaveThePortAsItWas() {
        MachineSpec spec = Presets.LEGACY.spec();
        TestMachine m = new TestMachine(new MachineSpec(
                spec.platform(),
                1,
                spec.cpus(),
                new MachineSpec.Memory(16, 16),
                new NicSpec(1, 1000, 1500, 1, 1024, false, true, true, 8000),
                spec.dma(),
                spec.kernel(),
                Map.of()));
        String before = m.machine.nics().nic("eth0").toString();
        assertThatThrownBy(() -> m.run(new NicCommand.Configure("eth0", null, null, 8, null, null, null, null)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.OUT_OF_MEMORY));
        assertThat(m.machine.nics().nic("eth0")).hasToString(before);
        send(m, m.machine.nics().nic("eth0"), 2);
        m.settle();
        assertThat(m.machine.nics().tap("eth0").received()).isEqualTo(2);
    }

    @Test
    void rssAnswersThePublishedHash() {
        TestMachine m = machine(nic -> ports(nic, 1, 4), 4);
        NicViews.RssHash withPorts = m.machine.nics().rssHash("eth0", "66.9.149.187", "161.142.100.80", 2794, 1766);
        assertThat(withPorts).isEqualTo(new NicViews.RssHash("0x51ccc178", 120, 0));
        assertThat(m.machine.nics().rssHash("eth0", "66.9.149.187", "161.142.100.80", null, null))
                .isEqualTo(new NicViews.RssHash("0x323e8fc2", 66, 2));
    }

    private static TestMachine machine(UnaryOperator<NicSpec> change, int cpus) {
        MachineSpec spec = Presets.IOAT.spec();
        MachineSpec.Cpus topology = cpus == 1 ? new MachineSpec.Cpus(1, 1, 1, 0) : spec.cpus();
        return new TestMachine(new MachineSpec(
                spec.platform(),
                1,
                topology,
                spec.memory(),
                change.apply(spec.nic()),
                spec.dma(),
                spec.kernel(),
                Map.of()));
    }

    private static NicSpec ports(NicSpec nic, int ports, int queues) {
        return new NicSpec(
                ports,
                nic.linkMbps(),
                nic.mtu(),
                queues,
                nic.ringSize(),
                nic.splitHeaders(),
                nic.checksumOffload(),
                nic.tso(),
                nic.interruptsPerSecond());
    }

    private static void send(TestMachine m, NicViews.Nic nic, int frames) {
        byte[] frame = HexFormat.of().parseHex(nic.mac().replace(":", "") + BEHIND_ADDRESS);
        byte[] bytes = new byte[frame.length * frames];
        int[] lengths = new int[frames];
        for (int i = 0; i < frames; i++) {
            System.arraycopy(frame, 0, bytes, i * frame.length, frame.length);
            lengths[i] = frame.length;
        }
        m.run(new NicCommand.InjectFrames(nic.id(), bytes, lengths, new long[frames], false));
    }
}
