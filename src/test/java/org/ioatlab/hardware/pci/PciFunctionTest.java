package org.ioatlab.hardware.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

class PciFunctionTest {
    private final EventLoop loop = new EventLoop();
    private final List<String> log = new ArrayList<>();
    private final Noted function = new Noted("0000:00:08.0");

    /** A function that notes what reaches it. A write to register 0x40 is answered by another to 0x44. */
    private final class Noted extends PciFunction {
        Noted(String address) {
            super(loop, address, 0x1a38, 0x0880, 0x12, "System peripheral: Noted", 0xfe70_0000L, 1024);
        }

        @Override
        protected void stop() {
            log.add("stop@" + loop.nowPs());
        }

        @Override
        protected void writeRegister(int offset, int bytes, long value) {
            if (offset == 0x40) {
                write(0x44, 1, 1, loop.nowPs() + 5);
            }
            log.add(Integer.toHexString(offset) + "/" + bytes + "=" + Long.toHexString(value) + "@" + loop.nowPs());
        }

        @Override
        protected long readRegister(int offset, int bytes) {
            log.add("read " + Integer.toHexString(offset));
            return offset;
        }

        @Override
        protected long peekRegister(int offset, int bytes) {
            return offset;
        }

        void interruptNow(int message) {
            signal(message);
        }
    }

    private void runTo(long ps) {
        loop.run(ps, Long.MAX_VALUE, false);
    }

    @Test
    void tellsWhatItsConfigurationSpaceTells() {
        assertThat(function.address()).isEqualTo("0000:00:08.0");
        assertThat(function.deviceId()).isEqualTo(0x1a38);
        assertThat(function.classCode()).isEqualTo(0x0880);
        assertThat(function.revision()).isEqualTo(0x12);
        assertThat(function.description()).isEqualTo("System peripheral: Noted");
        assertThat(function.baseAddress()).isEqualTo(0xfe70_0000L);
        assertThat(function.registerBytes()).isEqualTo(1024);
        assertThat(function.isPresent()).isTrue();
    }

    @Test
    void postedWritesArriveAtTheirStampAndInTheirOrder() {
        function.write(0x10, 4, 0xdeadbeefL, 30);
        function.write(0x14, 1, 2, 10);
        function.write(0x18, 8, -1, 30);
        function.write(0x1c, 2, 3, 10);
        runTo(29);
        assertThat(log).containsExactly("14/1=2@10", "1c/2=3@10");
        runTo(30);
        assertThat(log).containsExactly("14/1=2@10", "1c/2=3@10", "10/4=deadbeef@30", "18/8=ffffffffffffffff@30");
    }

    @Test
    void aWriteMayCauseAnother() {
        function.write(0x40, 4, 7, 10);
        function.write(0x50, 4, 8, 20);
        runTo(100);
        assertThat(log).containsExactly("40/4=7@10", "44/1=1@15", "50/4=8@20");
    }

    @Test
    void writesAreReusedWithoutMixingThemUp() {
        Seeds.forEach(seed -> {
            log.clear();
            SeededRandom random = new SeededRandom(seed);
            List<String> expected = new ArrayList<>();
            for (int round = 0; round < 100; round++) {
                int count = random.nextInt(6);
                for (int i = 0; i < count; i++) {
                    long at = loop.nowPs() + i * 10L;
                    long value = random.nextInt(1_000_000);
                    function.write(i * 4, 4, value, at);
                    expected.add(Integer.toHexString(i * 4) + "/4=" + Long.toHexString(value) + "@" + at);
                }
                runTo(loop.nowPs() + 100);
            }
            assertThat(log).isEqualTo(expected);
            assertThat(loop.isIdle()).isTrue();
        });
    }

    @Test
    void aReadHasItsSideEffectAndAPeekHasNone() {
        assertThat(function.peek(0x20, 4)).isEqualTo(0x20);
        assertThat(log).isEmpty();
        assertThat(function.read(0x20, 4)).isEqualTo(0x20);
        assertThat(log).containsExactly("read 20");
    }

    @Test
    void aRemovedFunctionReadsAllOnesAndIgnoresWhatIsUnderWay() {
        function.write(0x10, 4, 1, 50);
        runTo(20);
        function.remove();
        runTo(100);
        function.write(0x10, 4, 1, 110);
        runTo(200);
        assertThat(log).containsExactly("stop@20");
        assertThat(function.isPresent()).isFalse();
        assertThat(function.read(0, 1)).isEqualTo(0xff);
        assertThat(function.read(0, 2)).isEqualTo(0xffff);
        assertThat(function.read(0, 4)).isEqualTo(0xffff_ffffL);
        assertThat(function.read(0, 8)).isEqualTo(-1);
        assertThat(function.peek(0, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void removingTwiceStopsOnce() {
        function.remove();
        function.remove();
        assertThat(log).containsExactly("stop@0");
    }

    @Test
    void interruptsGoToWhoeverListensUntilRemoval() {
        function.interruptNow(0);
        function.onInterrupt(message -> log.add("interrupt " + message));
        function.interruptNow(3);
        function.remove();
        function.interruptNow(4);
        assertThat(log).containsExactly("interrupt 3", "stop@0");
    }

    @Test
    void theHashKnowsAPendingWriteInEveryPart() {
        assertThat(new String[] {
                    hashWithWrite(0x10, 4, 1, 10),
                    hashWithWrite(0x14, 4, 1, 10),
                    hashWithWrite(0x10, 8, 1, 10),
                    hashWithWrite(0x10, 4, 2, 10),
                    hashWithWrite(0x10, 4, 1, 11)
                })
                .doesNotHaveDuplicates();
    }

    private String hashWithWrite(int offset, int bytes, long value, long atPs) {
        EventLoop own = new EventLoop();
        PciFunction written = new PciFunction(own, "0000:00:08.0", 0x1a38, 0x0880, 0x12, "Silent", 0xfe70_0000L, 1024) {
            @Override
            protected void stop() {}

            @Override
            protected void writeRegister(int offset, int bytes, long value) {}

            @Override
            protected long readRegister(int offset, int bytes) {
                return 0;
            }

            @Override
            protected long peekRegister(int offset, int bytes) {
                return 0;
            }
        };
        written.write(offset, bytes, value, atPs);
        StateHash hash = new StateHash();
        own.hashInto(hash);
        return hash.hex();
    }

    @Test
    void theBusListsFunctionsByAddress() {
        PciBus bus = new PciBus();
        Noted nic = new Noted("0000:03:00.0");
        Noted secondPort = new Noted("0000:03:00.1");
        bus.add(secondPort);
        bus.add(function);
        bus.add(nic);
        assertThat(bus.functions()).containsExactly(function, nic, secondPort);
        assertThat(bus.find("0000:03:00.0")).isSameAs(nic);
        assertThat(bus.find("0000:03:00.7")).isNull();
    }

    @Test
    void anAddressOnTheBusIsTakenOnce() {
        PciBus bus = new PciBus();
        bus.add(function);
        assertThatThrownBy(() -> bus.add(new Noted("0000:00:08.0"))).isInstanceOf(IllegalStateException.class);
        assertThat(bus.functions()).containsExactly(function);
        bus.remove(function);
        bus.add(new Noted("0000:00:08.0"));
        assertThat(bus.functions()).hasSize(1);
    }

    @Test
    void pullingAFunctionOutStopsItAndFreesItsAddress() {
        PciBus bus = new PciBus();
        bus.add(function);
        bus.remove(function);
        assertThat(bus.functions()).isEmpty();
        assertThat(bus.find(function.address())).isNull();
        assertThat(log).containsExactly("stop@0");
        assertThat(hashOf(bus)).isEqualTo(hashOf(new PciBus()));
    }

    private static String hashOf(PciBus bus) {
        StateHash hash = new StateHash();
        bus.hashInto(hash);
        return hash.hex();
    }
}
