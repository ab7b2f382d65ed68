package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.Personality;
import org.junit.jupiter.api.Test;

/** dmatest: random copies with patterns, checked byte by byte (Linux 3.12 {@code drivers/dma/dmatest.c}). */
class DmatestTest {
    private TestMachine m = TestMachine.standard();

    @Test
    void tenThousandRandomCopiesAreClean() {
        DmaViews.SelfTestResult result = m.run(test(null, 16_384, 2500));
        assertThat(result.iterations()).isEqualTo(10_000);
        assertThat(result.failures()).isZero();
        assertThat(result.passed()).isTrue();
        assertThat(result.bytes()).as("half a buffer each, about").isBetween(75_000_000L, 90_000_000L);
        assertThat(result.lines()).hasSize(4 * 100 + 4);
        assertThat(result.lines().getFirst())
                .matches("dma0chan0-copy0: #1: No errors with src_off=0x\\p{XDigit}+ dst_off=0x\\p{XDigit}+ "
                        + "len=0x\\p{XDigit}+ \\(0\\)");
        assertThat(result.summary().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .matches("dma0chan[0-3]-copy0: summary 2500 tests, 0 failures \\d+ iops \\d+ KB/s \\(0\\)"));
        assertThat(result.lines().subList(400, 404))
                .containsExactly(result.summary().split("\n"));
    }

    @Test
    void theSameMachineFindsTheSame() {
        DmaViews.SelfTestResult once = m.run(test(null, 1000, 20));
        TestMachine other = TestMachine.standard();
        assertThat(other.run(test(null, 1000, 20))).isEqualTo(once);
        assertThat(other.machine.digest()).isEqualTo(m.machine.digest());
        assertThat(m.run(test(null, 1000, 20)).lines())
                .as("other numbers the next time")
                .isNotEqualTo(once.lines());
    }

    @Test
    void aCorruptedByteIsFound() {
        m.fault("dma0chan0", FaultType.SILENT_CORRUPTION, 150);
        DmaViews.SelfTestResult result = m.run(test("dma0chan0", 4096, 300));
        assertThat(result.passed()).isFalse();
        assertThat(result.failures()).isEqualTo(1);
        assertThat(result.lines())
                .as("told though a hundred good copies before it were")
                .anySatisfy(line -> assertThat(line)
                        .matches("dma0chan0-copy0: dstbuf (not copied!|was copied!|mismatch!) \\[0x\\p{XDigit}+\\] "
                                + "Expected \\p{XDigit}{2}, got \\p{XDigit}{2}"))
                .anySatisfy(line -> assertThat(line)
                        .matches("dma0chan0-copy0: #151: errors with src_off=0x.* dst_off=0x.* len=0x.* \\(1\\)"));
        assertThat(result.summary()).endsWith("(-5)").contains("summary 300 tests, 1 failures");
    }

    /** Each complaint, by a byte that the laboratory's hand changes while the copy is under way. */
    @Test
    void eachKindOfMismatchHasItsWords() {
        assertThat(complaintFor('s', 0x01)).isEqualTo("srcbuf overwritten!");
        assertThat(complaintFor('d', 0x40)).isEqualTo("dstbuf not copied!");
        assertThat(complaintFor('d', 0x80)).isEqualTo("dstbuf was copied!");
        assertThat(complaintFor('d', 0x01)).isEqualTo("dstbuf mismatch!");
    }

    @Test
    void aHaltedChannelIsADmaErrorToThePapersKernel() {
        m.fault("dma0chan0", FaultType.HALT, 0);
        DmaViews.SelfTestResult result = m.run(test("dma0chan0", 4096, 3));
        assertThat(result.failures()).isEqualTo(3);
        assertThat(result.lines())
                .filteredOn(line -> line.contains("#"))
                .allSatisfy(line -> assertThat(line)
                        .matches(
                                "dma0chan0-copy0: #[123]: dma error with src_off=0x.* dst_off=0x.* len=0x.* \\(-5\\)"));
    }

    @Test
    void releasedKernelsTimeOut() {
        for (Personality personality : List.of(Personality.LINUX_2_6_18, Personality.LINUX_3_12)) {
            m = TestMachine.withPersonality(personality);
            m.fault("dma0chan0", FaultType.READ_DATA, 0);
            DmaViews.SelfTestResult result = m.run(new DmaCommand.SelfTest("dma0chan0", 4096, 2, 3000, 1, 0, 0));
            assertThat(result.failures()).isEqualTo(2);
            assertThat(result.lines().getFirst())
                    .contains("#1: test timed out with")
                    .endsWith("(0)");
            assertThat(result.elapsedNs()).isBetween(6_000_000_000L, 6_001_000_000L);
        }
    }

    @Test
    void severalThreadsShareAChannelAndProcessors() {
        DmaViews.SelfTestResult result = m.run(new DmaCommand.SelfTest(null, 8192, 50, 3000, 3, 2, 0));
        assertThat(result.passed()).isTrue();
        assertThat(result.iterations()).isEqualTo(2 * 3 * 50);
        assertThat(result.summary().lines().map(line -> line.substring(0, line.indexOf(':'))))
                .containsExactly(
                        "dma0chan0-copy0",
                        "dma0chan0-copy1",
                        "dma0chan0-copy2",
                        "dma0chan1-copy0",
                        "dma0chan1-copy1",
                        "dma0chan1-copy2");
        assertThat(m.machine.cpus().cpus())
                .allSatisfy(cpu -> assertThat(cpu.busyCycles()).isPositive());
    }

    @Test
    void channelsAndMemoryAreGivenBack() {
        m.run(test(null, 16_384, 3));
        List<DmaViews.Channel> channels = m.machine.dma().channels();
        assertThat(channels).extracting(DmaViews.Channel::client).containsOnlyNulls();
        assertThat(channels).extracting(DmaViews.Channel::allocatedDescriptors).containsOnly(0);
        assertThat(m.machine.memory().state().slabCaches())
                .filteredOn(cache -> cache.name().equals("size-16384"))
                .allSatisfy(cache -> assertThat(cache.activeObjects()).isZero());
        assertThat(m.machine.dma().clients()).isEmpty();
        assertThat(m.client("net", 4).channels()).hasSize(4);
    }

    @Test
    void clientsThatWaitGetTheChannelsWhenItIsOver() {
        Call<DmaViews.SelfTestResult> test = m.start(test(null, 16_384, 10));
        m.advance(5_000_000);
        assertThat(m.run(new DmaCommand.RegisterClient("net", 1)).channels()).isEmpty();
        assertThat(m.run(new DmaCommand.RequestChannels("net", 2, 1)).pending()).isEqualTo(2);
        assertThat(m.refused(test("dma0chan1", 64, 1))).isEqualTo("CONFLICT channel-in-use");
        assertThat(m.refused(test(null, 64, 1))).isEqualTo("CONFLICT no-channel");
        assertThat(m.finish(test).passed()).isTrue();
        assertThat(m.machine.dma().client("net").channels()).containsExactly("dma0chan0", "dma0chan1");
    }

    @Test
    void aChannelInUseIsRefusedAndTheFreeOnesAreTested() {
        m.client("net", 3);
        assertThat(m.refused(test("dma0chan0", 64, 1))).isEqualTo("CONFLICT channel-in-use");
        assertThat(m.run(test(null, 64, 1)).lines()).hasSize(2).allMatch(line -> line.startsWith("dma0chan3-copy0: "));
        m.client("disk", 1);
        assertThat(m.refused(test(null, 64, 1))).isEqualTo("CONFLICT no-channel");
        assertThat(m.refused(test("dma7chan0", 64, 1))).isEqualTo("UNKNOWN unknown-channel");
    }

    @Test
    void anEngineThatGoesFailsTheTestAndTakesNoOthersPlace() {
        m.run(new PciCommand.AddEngine(1, 0));
        m.client("net", 0);
        Call<DmaViews.SelfTestResult> test = m.start(test("dma0chan0", 16_384, 100));
        m.advance(500_000_000);
        while (!m.channel("dma0chan0").status().equals("ACTIVE")) {
            m.advance(100_000);
        }
        m.run(new PciCommand.Remove("0000:00:08.0", 3));
        assertThat(m.channel("dma1chan0").client())
                .as("dmatest named its channel")
                .isNull();
        DmaViews.SelfTestResult result = m.finish(test);
        assertThat(result.passed()).isFalse();
        assertThat(result.iterations()).isEqualTo(100);
        assertThat(result.lines())
                .anySatisfy(line -> assertThat(line).contains("dma error"))
                .anySatisfy(line -> assertThat(line).contains("submit error").endsWith("(-19)"));
    }

    /** A copy that comes too late must not be written into memory that somebody else has got by then. */
    @Test
    void copiesThatTimedOutNeverLandInMemoryThatWasGivenBack() {
        m = TestMachine.withDma(dma -> new DmaSpec(true, 8, 4096, true, DmaSpec.Enumeration.BOOT, 0));
        DmaViews.SelfTestResult result = m.run(new DmaCommand.SelfTest(null, 4 << 20, 1, 1, 1, 0, 0));
        assertThat(result.failures()).isEqualTo(8);
        assertThat(result.lines()).anySatisfy(line -> assertThat(line).contains("test timed out"));
        String mine = m.emptyBuffer(4 << 20);
        m.settle();
        assertThat(m.bytes(mine)).isEqualTo(new byte[4 << 20]);
    }

    @Test
    void memoryThatIsExhaustedFailsTheThreads() {
        m = TestMachine.withMemory(16, 16);
        DmaViews.SelfTestResult result = m.run(test(null, 4 << 20, 1));
        assertThat(result.passed()).isFalse();
        assertThat(result.lines()).anySatisfy(line -> assertThat(line).endsWith("could not allocate test buffers"));
        assertThat(m.machine.dma().channels())
                .extracting(DmaViews.Channel::client)
                .containsOnlyNulls();
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        for (DmaCommand.SelfTest bad : List.of(
                test(null, 0, 1),
                test(null, (4 << 20) + 1, 1),
                test(null, 64, 0),
                test(null, 64, -1),
                new DmaCommand.SelfTest(null, 64, 1, -2, 1, 0, 0),
                new DmaCommand.SelfTest(null, 64, 1, 1, 0, 0, 0),
                new DmaCommand.SelfTest(null, 64, 1, 1, 1, -1, 0))) {
            assertThat(m.refused(bad)).as(bad.toString()).isEqualTo("MALFORMED invalid-value");
        }
        assertThat(m.run(new DmaCommand.SelfTest("dma0chan0", 1, 3, -1, 1, 0, 0))
                        .passed())
                .as("one byte, no timeout")
                .isTrue();
    }

    /**
     * Lets one long copy begin and, while the engine is busy with its rest, has another channel overwrite the first byte of the source or
     * destination with what it should be but for the bits of {@code flip}.
     */
    private static String complaintFor(char buffer, int flip) {
        TestMachine machine = TestMachine.standard();
        machine.client("vandal", 1);
        Call<DmaViews.SelfTestResult> test =
                machine.start(new DmaCommand.SelfTest("dma0chan1", 1 << 20, 1, 3000, 1, 0, 1));
        while (machine.channel("dma0chan1").lastUsedCookie() == 0) {
            machine.advance(100_000);
        }
        machine.advance(4_000_000);
        long first = machine.physical(machine.register("chan1.CHAINADDR") + 24);
        long victim = machine.physical(first + (buffer == 's' ? 8 : 16));
        int expected = 0xc0 | (~(int) machine.physical(first + 8) & 0x1f);
        overwrite(machine, victim, expected ^ flip);
        DmaViews.SelfTestResult result = machine.finish(test);
        assertThat(result.failures()).isEqualTo(1);
        String line = result.lines().getFirst();
        return line.substring(line.indexOf(": ") + 2, line.indexOf('!') + 1);
    }

    /** A descriptor of a user's own, which no driver has checked. */
    private static void overwrite(TestMachine machine, long victim, int value) {
        String data = machine.emptyBuffer(128);
        long address = machine.addressOf(data);
        ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(1).putInt(0).putLong(address + 64).putLong(victim).putLong(0);
        bytes.put(64, (byte) value);
        machine.run(new MemoryCommand.WriteBuffer(data, 0, bytes.array()));
        machine.write("chan0.CHAINADDR", address);
        machine.write("chan0.CHANCMD", 0x01);
    }

    private static DmaCommand.SelfTest test(String channel, int size, int iterations) {
        return new DmaCommand.SelfTest(channel, size, iterations, 3000, 1, 0, 0);
    }
}
