package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.Personality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Each error that a channel can report: how it comes about, and what is left behind (Linux 2.6.18 ioatdma, CHANERR and CHANSTS). */
class ChannelErrorsTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int IDLE = 1;
    private static final int HALTED = 3;

    private TestMachine m = TestMachine.standard();

    /** Three copies of a page; the second one's descriptor fails. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"SOFT_ERROR", "SILENT_CORRUPTION"})
    void anInjectedErrorHaltsTheChannelUntilReset(FaultType type) {
        m.client("net", 1);
        String source = m.buffer(12_288);
        String target = m.emptyBuffer(12_288);
        m.fault("dma0chan0", type, 1);
        List<Integer> cookies = threePages(target, source);
        m.settle();

        assertThat(cookies).containsExactly(1, 2, 3);
        assertThat(m.register("chan0.CHANERR")).isEqualTo(type == FaultType.HALT ? 0 : 1L << type.ordinal());
        assertThat(status()).isEqualTo(HALTED);
        assertThat(completionWord() & 7).isEqualTo(HALTED);
        assertThat(completionWord() & ~0x3fL).as("the last one done").isEqualTo(descriptor(1));
        assertThat(m.channel("dma0chan0").status()).isEqualTo("HALTED");
        assertThat(m.channel("dma0chan0").error()).isEqualTo(type == FaultType.HALT ? List.of() : List.of(type.name()));
        assertThat(peeks()).isEqualTo("DMA_SUCCESS DMA_ERROR DMA_ERROR");
        assertThat(completes()).isEqualTo("DMA_SUCCESS DMA_ERROR DMA_ERROR");
        boolean moved = type == FaultType.DMA_DATA_INTEGRITY || type == FaultType.COMPLETION_ADDRESS;
        assertThat(pages(target)).isEqualTo(moved ? "copied copied -" : "copied - -");
        assertThat(m.refused(copy(target, source, 1)))
                .as("no copies while halted")
                .isEqualTo("CONFLICT channel-halted");
        assertThat(m.machine.dma().faults("dma0chan0")).singleElement().satisfies(fault -> {
            assertThat(fault.id()).isEqualTo("f1");
            assertThat(fault.struck()).isTrue();
            assertThat(fault.struckAtNs()).isPositive().isLessThan(m.nowNs());
        });

        m.control("dma0chan0", DmaCommand.Control.RESET);
        m.settle();
        assertThat(m.register("chan0.CHANERR")).isZero();
        assertThat(status()).isEqualTo(IDLE);
        assertThat(m.copy("dma0chan0", target, source, 12_288)).isEqualTo(4);
        m.untilDone("dma0chan0", 4);
        assertThat(pages(target)).isEqualTo("copied copied copied");
    }

    /** A copy of several descriptors is done with its last one, wherever before that it fails. */
    @Test
    void aCopyThatFailsInItsMiddleIsNotDone() {
        for (int piece = 0; piece < 3; piece++) {
            m = TestMachine.standard();
            m.client("net", 1);
            String source = m.buffer(12_288);
            String target = m.emptyBuffer(12_288);
            m.fault("dma0chan0", FaultType.UNAFFILIATED_ERROR, piece);
            m.copy("dma0chan0", target, source, 12_288);
            m.settle();
            assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_ERROR");
            assertThat(pages(target))
                    .isEqualTo(List.of("- - -", "copied - -", "copied copied -").get(piece));
            assertThat(completionWord()).isEqualTo(piece == 0 ? 3 : descriptor(piece) | 3);
            assertThat(m.register("chan0.CDAR")).isEqualTo(descriptor(piece + 1));
        }
    }

    @Test
    void releasedKernelsReportNoErrorAndWaitForEver() {
        m = TestMachine.withPersonality(Personality.LINUX_2_6_18);
        m.client("net", 1);
        String source = m.buffer(12_288);
        String target = m.emptyBuffer(12_288);
        m.fault("dma0chan0", FaultType.READ_DATA, 1);
        threePages(target, source);
        m.run(new DmaCommand.IssuePending("dma0chan0", 0));
        m.settle();
        assertThat(completionWord() & 7).isEqualTo(HALTED);
        assertThat(peeks()).isEqualTo("DMA_SUCCESS DMA_IN_PROGRESS DMA_IN_PROGRESS");
        assertThat(completes()).isEqualTo("DMA_SUCCESS DMA_IN_PROGRESS DMA_IN_PROGRESS");
        m.advance(60 * SECOND);
        assertThat(peeks()).isEqualTo("DMA_SUCCESS DMA_IN_PROGRESS DMA_IN_PROGRESS");
        DmaViews.Cookie waited = m.waitFor("dma0chan0", 2);
        assertThat(waited.status()).isEqualTo("DMA_IN_PROGRESS");
        assertThat(waited.timedOut()).isTrue();
        m.control("dma0chan0", DmaCommand.Control.RESET);
        m.copy("dma0chan0", target, source, 12_288);
        m.run(new DmaCommand.IssuePending("dma0chan0", 0));
        m.untilDone("dma0chan0", 4);
        assertThat(pages(target)).isEqualTo("copied copied copied");
    }

    @Test
    void aSoftErrorIsOnlyRecorded() {
        m.client("net", 1);
        String source = m.buffer(12_288);
        String target = m.emptyBuffer(12_288);
        m.fault("dma0chan0", FaultType.SOFT_ERROR, 1);
        threePages(target, source);
        m.settle();
        assertThat(peeks()).isEqualTo("DMA_SUCCESS DMA_SUCCESS DMA_SUCCESS");
        assertThat(pages(target)).isEqualTo("copied copied copied");
        assertThat(m.register("chan0.CHANERR")).isEqualTo(1 << 14);
        assertThat(m.register("chan0.CHANSTS") & 0x3f).as("idle, soft error").isEqualTo(0x11);
        m.write("chan0.CHANERR", 1 << 14);
        assertThat(m.register("chan0.CHANSTS") & 0x3f).isEqualTo(IDLE);
    }

    @Test
    void silentCorruptionChangesOneByteAndNobodyIsTold() {
        m.client("net", 1);
        String source = m.buffer(12_288);
        String target = m.emptyBuffer(12_288);
        m.fault("dma0chan0", FaultType.SILENT_CORRUPTION, 1);
        threePages(target, source);
        m.settle();
        assertThat(peeks()).isEqualTo("DMA_SUCCESS DMA_SUCCESS DMA_SUCCESS");
        assertThat(m.register("chan0.CHANERR")).isZero();
        assertThat(pages(target)).isEqualTo("copied 1 wrong copied");
    }

    /** Bits 0, 1, 10 and 11 come from fields of a descriptor that a user wrote and pointed the channel to. */
    @Test
    void badFieldsOfADescriptor() {
        assertThat(errorOf(64, 0, 1L << 40, -1)).isEqualTo("[SOURCE_ADDRESS]");
        assertThat(errorOf(64, 0, -4096, -1)).isEqualTo("[SOURCE_ADDRESS]");
        assertThat(errorOf(64, 0, (128L << 20) - 63, -1)).isEqualTo("[SOURCE_ADDRESS]");
        assertThat(errorOf(64, 0, -1, 128L << 20)).isEqualTo("[DESTINATION_ADDRESS]");
        assertThat(errorOf(64, 0, -1, Long.MAX_VALUE)).isEqualTo("[DESTINATION_ADDRESS]");
        assertThat(errorOf(64, 0x800, -1, -1)).isEqualTo("[DESCRIPTOR_CONTROL]");
        assertThat(errorOf(64, 0x0100_0000, -1, -1)).as("opcode fill").isEqualTo("[DESCRIPTOR_CONTROL]");
        assertThat(errorOf(0, 0, -1, -1)).isEqualTo("[DESCRIPTOR_LENGTH]");
        assertThat(errorOf(4097, 0, -1, -1)).isEqualTo("[DESCRIPTOR_LENGTH]");
        assertThat(errorOf(-1, 0, -1, -1)).isEqualTo("[DESCRIPTOR_LENGTH]");
        assertThat(errorOf(4096, 0x7d6, -1, -1)).as("hints have no effect").isEqualTo("[]");
    }

    /** Bits 2 and 3: a next address that doesn't exist or isn't aligned. */
    @Test
    void badNextAddress() {
        assertThat(errorWithNext(1L << 40)).isEqualTo("[NEXT_DESCRIPTOR_ADDRESS]");
        assertThat(errorWithNext((128L << 20))).isEqualTo("[NEXT_DESCRIPTOR_ADDRESS]");
        assertThat(errorWithNext(4096 + 32)).isEqualTo("[NEXT_DESCRIPTOR_ALIGNMENT]");
    }

    /** Bit 4: START with a chain address that can't be one. */
    @Test
    void badChainAddress() {
        m.client("net", 1);
        for (long address : new long[] {0, 4096 + 1, 128L << 20, -64}) {
            m.write("chan0.CHANCMD", 0x20);
            m.write("chan0.CHAINADDR", address);
            m.write("chan0.CHANCMD", 0x01);
            assertThat(m.channel("dma0chan0").error()).containsExactly("CHAIN_ADDRESS_VALUE");
        }
    }

    /** Bit 5: no such command, two at once, or START while a copy is under way. */
    @Test
    void badCommand() {
        m.client("net", 1);
        for (int command : new int[] {0x00, 0x03, 0x40, 0x80, 0xff}) {
            m.write("chan0.CHANCMD", command);
            assertThat(m.channel("dma0chan0").error()).containsExactly("CHANNEL_COMMAND");
            m.control("dma0chan0", DmaCommand.Control.RESET);
            m.settle();
        }
        String source = m.buffer(65_536);
        m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
        m.advance(3_000_000);
        assertThat(m.channel("dma0chan0").status()).isEqualTo("ACTIVE");
        m.write("chan0.CHANCMD", 0x01);
        assertThat(m.channel("dma0chan0").error()).containsExactly("CHANNEL_COMMAND");
        m.settle();
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_ERROR");
    }

    /** Bit 12: a completion address that can't be written; only the error interrupt and the status can tell the driver then. */
    @Test
    void badCompletionAddress() {
        m.client("net", 1);
        String source = m.buffer(64);
        String target = m.emptyBuffer(64);
        for (long address : new long[] {0, 4096 + 4, 128L << 20}) {
            m.write("chan0.CHANCMP", address);
            int cookie = m.copy("dma0chan0", target, source, 64);
            m.settle();
            assertThat(m.channel("dma0chan0").error()).containsExactly("COMPLETION_ADDRESS");
            assertThat(m.peek("dma0chan0", cookie)).isEqualTo("DMA_ERROR");
            m.control("dma0chan0", DmaCommand.Control.RESET);
            m.settle();
        }
        m.untilDone("dma0chan0", m.copy("dma0chan0", target, source, 64));
    }

    @Test
    void writingAOneClearsAnErrorAndNothingElse() {
        m.client("net", 1);
        m.write("chan0.CHANCMD", 0x03);
        m.write("chan0.CHANERR", 0xf);
        assertThat(m.register("chan0.CHANERR")).isEqualTo(0x20);
        m.write("chan0.CHANERR", 0x20);
        assertThat(m.register("chan0.CHANERR")).isZero();
        assertThat(status()).as("it stays halted until it is reset").isEqualTo(HALTED);
    }

    @Test
    void anErrorInterruptsUnlessItIsMasked() {
        m = TestMachine.withFreeTicks(Presets.IOAT.spec());
        m.client("net", 1);
        String source = m.buffer(64);
        String target = m.emptyBuffer(64);
        m.settle();
        long idleFrom = busy(0);
        m.fault("dma0chan0", FaultType.WRITE_DATA, 0);
        m.copy("dma0chan0", target, source, 64);
        m.settle();
        m.advance(1_000_000_000);
        assertThat(busy(0) - idleFrom)
                .as("submit, doorbell, and the handler's two reads, one write and cleanup of the halt's word")
                .isEqualTo(1100 + 300 + 150 + 2 * 3400 + 300 + 60);

        m.control("dma0chan0", DmaCommand.Control.RESET);
        m.settle();
        m.write("chan0.CHANERR_MASK", 1 << FaultType.WRITE_DATA.ordinal());
        idleFrom = busy(0);
        m.fault("dma0chan0", FaultType.WRITE_DATA, 0);
        m.copy("dma0chan0", target, source, 64);
        m.settle();
        assertThat(m.channel("dma0chan0").status()).isEqualTo("HALTED");
        assertThat(busy(0) - idleFrom).as("no interrupt").isEqualTo(1100 + 300);
    }

    @Test
    void aSleepingWaiterIsWokenByTheErrorAndToldOfIt() {
        m.client("net", 1);
        String source = m.buffer(65_536);
        m.fault("dma0chan0", FaultType.CHIPSET_DATA_INTEGRITY, 10);
        m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
        DmaViews.Cookie answer = m.waitFor("dma0chan0", 1);
        assertThat(answer.status()).isEqualTo("DMA_ERROR");
        assertThat(answer.timedOut()).isFalse();
        assertThat(answer.waitedNs()).isLessThan(100_000);
    }

    @Test
    void faultsStrikeInTheirOrderOneADescriptorAndCanBeTakenBack() {
        m.client("net", 1);
        String source = m.buffer(12_288);
        m.fault("dma0chan0", FaultType.SOFT_ERROR, 0);
        m.fault("dma0chan0", FaultType.READ_DATA, 0);
        m.fault("dma0chan0", FaultType.WRITE_DATA, 0);
        m.run(new DmaCommand.RemoveFault("dma0chan0", "f2"));
        assertThat(m.refused(new DmaCommand.RemoveFault("dma0chan0", "f2"))).isEqualTo("UNKNOWN unknown-fault");
        m.copy("dma0chan0", m.emptyBuffer(12_288), source, 12_288);
        m.settle();
        assertThat(m.channel("dma0chan0").error()).containsExactly("WRITE_DATA", "SOFT_ERROR");
        assertThat(m.machine.dma().faults("dma0chan0"))
                .extracting(DmaViews.Fault::struckAtNs)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void faultsThatCantBeInjectedAreRefused() {
        assertThat(m.refused(new DmaCommand.InjectFault("dma0chan0", FaultType.HALT, -1)))
                .isEqualTo("MALFORMED invalid-value");
        assertThat(m.refused(new DmaCommand.InjectFault("dma9chan0", FaultType.HALT, 0)))
                .isEqualTo("UNKNOWN unknown-channel");
        for (int i = 0; i < DmaFace.MOST_FAULTS; i++) {
            m.fault("dma0chan0", FaultType.HALT, i);
        }
        assertThat(m.refused(new DmaCommand.InjectFault("dma0chan0", FaultType.HALT, 0)))
                .isEqualTo("LIMIT too-many-faults");
    }

    /** The error after one descriptor of a user's own; -1 stands for a good address. */
    private String errorOf(int size, int control, long source, long target) {
        return runDescriptor(size, control, source, target, 0);
    }

    private String errorWithNext(long next) {
        return runDescriptor(64, 0, -1, -1, next);
    }

    private String runDescriptor(int size, int control, long source, long target, long next) {
        m = TestMachine.standard();
        m.client("net", 1);
        String descriptor = m.emptyBuffer(64);
        String data = m.emptyBuffer(8192);
        long at = m.addressOf(data);
        ByteBuffer fields = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(size).putInt(control);
        fields.putLong(source == -1 ? at : source)
                .putLong(target == -1 ? at + 4096 : target)
                .putLong(next);
        m.run(new MemoryCommand.WriteBuffer(descriptor, 0, fields.array()));
        m.write("chan0.CHANCMD", 0x20);
        m.write("chan0.CHAINADDR", m.addressOf(descriptor));
        m.write("chan0.CHANCMD", 0x01);
        m.settle();
        assertThat(status()).isEqualTo(m.channel("dma0chan0").error().isEmpty() ? IDLE : HALTED);
        return m.channel("dma0chan0").error().toString();
    }

    private List<Integer> threePages(String target, String source) {
        return m
                .run(new DmaCommand.SubmitCopies(
                        "dma0chan0",
                        null,
                        List.of(page(target, source, 0), page(target, source, 1), page(target, source, 2)),
                        false,
                        0))
                .copies()
                .stream()
                .map(DmaViews.Copy::cookie)
                .toList();
    }

    private static DmaCommand.Copy page(String target, String source, int page) {
        return new DmaCommand.Copy(inBuffer(target, page * 4096), inBuffer(source, page * 4096), 4096);
    }

    private static DmaCommand.SubmitCopies copy(String target, String source, int length) {
        DmaCommand.Copy copy = new DmaCommand.Copy(inBuffer(target, 0), inBuffer(source, 0), length);
        return new DmaCommand.SubmitCopies("dma0chan0", null, List.of(copy), false, 0);
    }

    private String peeks() {
        return m.peek("dma0chan0", 1) + " " + m.peek("dma0chan0", 2) + " " + m.peek("dma0chan0", 3);
    }

    private String completes() {
        return m.complete("dma0chan0", 1).status() + " "
                + m.complete("dma0chan0", 2).status() + " "
                + m.complete("dma0chan0", 3).status();
    }

    private long status() {
        return m.register("chan0.CHANSTS") & 7;
    }

    private long completionWord() {
        return m.physical(m.register("chan0.CHANCMP"));
    }

    /** The address of the chain's nth descriptor, the driver's empty first one being number 0. */
    private long descriptor(int number) {
        long at = m.register("chan0.CHAINADDR");
        for (int i = 0; i < number; i++) {
            at = m.physical(at + 24);
        }
        return at;
    }

    /** For each page of what was a buffer of zeros: copied, - for untouched, or how many bytes are wrong. */
    private String pages(String target) {
        byte[] bytes = m.bytes(target);
        StringBuilder states = new StringBuilder();
        for (int page = 0; page < 3; page++) {
            int good = 0;
            int zero = 0;
            for (int i = page * 4096; i < (page + 1) * 4096; i++) {
                good += bytes[i] == (byte) i ? 1 : 0;
                zero += bytes[i] == 0 ? 1 : 0;
            }
            states.append(page == 0 ? "" : " ")
                    .append(good == 4096 ? "copied" : zero == 4096 ? "-" : (4096 - good) + " wrong");
        }
        return states.toString();
    }

    private long busy(int cpu) {
        return m.machine.cpus().cpu(cpu).busyCycles();
    }
}
