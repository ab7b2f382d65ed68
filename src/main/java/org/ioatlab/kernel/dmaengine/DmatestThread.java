package org.ioatlab.kernel.dmaengine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;

/**
 * One thread of dmatest on one channel: copies of random length between random places of two buffers, each checked byte by byte (patterns
 * and checks after Linux 3.12 {@code drivers/dma/dmatest.c}).
 */
public final class DmatestThread extends Task {
    /** The most lines that a thread keeps. */
    public static final int LINE_LIMIT = 200;

    /** The most lines of copies that went well; the rest is for those that didn't. */
    public static final int GOOD_LINE_LIMIT = 100;

    /** The most wrong bytes that one check prints. */
    private static final int MISMATCH_LIMIT = 32;

    private static final int PATTERN_SRC = 0x80;
    private static final int PATTERN_COPY = 0x40;
    private static final int PATTERN_OVERWRITE = 0x20;
    private static final int PATTERN_COUNT_MASK = 0x1f;

    /**
     * What to run.
     *
     * @param bufferBytes size of each of the two buffers, 1 to 4 MiB
     * @param iterations copies, at least 1
     * @param timeoutPs how long one copy may take
     */
    public record Parameters(int bufferBytes, int iterations, long timeoutPs) {}

    /** Where the thread stands. */
    private sealed interface Step {
        /** No buffers yet. */
        record Setup() implements Step {}

        /** About to begin the next copy. */
        record Begin() implements Step {}

        /** Descriptors are being written. */
        record Submit(int sourceOffset, int targetOffset, int length, PendingCopy copy) implements Step {}

        /** The engine copies. */
        record Wait(int sourceOffset, int targetOffset, int length, int cookie, int generation, long deadlinePs)
                implements Step {}
    }

    private final IoatChannel channel;
    private final KernelMemory memory;
    private final SeededRandom random;
    private final Parameters parameters;
    private final Task parent;
    private final long cyclesPerKilobyte;
    private final List<String> lines = new ArrayList<>();

    private Step step = new Step.Setup();
    private long source;
    private long target;
    private int tests;
    private int goodLines;
    private int failures;
    private long bytes;
    private final long beganPs;
    private long endedPs = -1;

    /** @param parent woken when this thread has ended */
    public DmatestThread(
            int number,
            IoatChannel channel,
            KernelMemory memory,
            SeededRandom random,
            Parameters parameters,
            Task parent,
            Processor processor,
            Platform platform) {
        super(channel.name() + "-copy" + number, processor);
        this.channel = channel;
        this.memory = memory;
        this.random = random;
        this.parameters = parameters;
        this.parent = parent;
        cyclesPerKilobyte = platform.get(Parameter.WARM_COPY_CYCLES_PER_KILOBYTE);
        beganPs = processor.loop().nowPs();
    }

    /** What it logged: of a run of many copies the first that went well and the first that didn't. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Whether its last slice is over. */
    public boolean hasEnded() {
        return endedPs >= 0;
    }

    /** Copies made. */
    public int tests() {
        return tests;
    }

    /** Copies that went wrong. */
    public int failures() {
        return failures;
    }

    /** Bytes copied well. */
    public long bytes() {
        return bytes;
    }

    /** Gives its buffers back, once the channel can't write into them any more. */
    public void freeBuffers(Processor on) {
        if (source != SlabCache.NO_OBJECT) {
            memory.free(source, on);
        }
        if (target != SlabCache.NO_OBJECT) {
            memory.free(target, on);
        }
    }

    /** The line that it ends with. */
    public String summary() {
        long elapsedMicroseconds = Math.max(1, (endedPs - beganPs) / Picoseconds.PER_MICROSECOND);
        return "%s: summary %d tests, %d failures %d iops %d KB/s (%d)"
                .formatted(
                        name(),
                        tests,
                        failures,
                        tests * 1_000_000L / elapsedMicroseconds,
                        bytes * 1_000_000L / elapsedMicroseconds / 1024,
                        failures > 0 ? Errno.EIO.returned() : 0);
    }

    @Override
    protected Next resume() {
        return switch (step) {
            case Step.Setup _ -> setUp();
            case Step.Begin _ -> begin();
            case Step.Submit submit -> submit(submit);
            case Step.Wait wait -> check(wait);
        };
    }

    @Override
    protected void exited() {
        endedPs = processor().loop().nowPs();
        parent.wake();
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(tests);
        hash.put(failures);
        random.hashInto(hash);
    }

    private Next setUp() {
        source = memory.allocate(parameters.bufferBytes(), processor());
        target = memory.allocate(parameters.bufferBytes(), processor());
        if (source == SlabCache.NO_OBJECT || target == SlabCache.NO_OBJECT) {
            log(name() + ": could not allocate test buffers");
            failures++;
            return Next.EXIT;
        }
        step = new Step.Begin();
        return Next.CONTINUE;
    }

    private Next begin() {
        if (tests == parameters.iterations()) {
            return Next.EXIT;
        }
        tests++;
        int size = parameters.bufferBytes();
        int length = random.nextInt(size) + 1;
        int sourceOffset = random.nextInt(size - length + 1);
        int targetOffset = random.nextInt(size - length + 1);
        write(source, sourceOffset, length, PATTERN_SRC, PATTERN_COPY);
        write(target, targetOffset, length, 0, PATTERN_OVERWRITE);
        processor().spend(Symbol.DMATEST_FUNC, 2L * size * cyclesPerKilobyte / 1000);
        PendingCopy copy =
                channel.begin(MemcpyKind.BUF_TO_BUF, target + targetOffset, source + sourceOffset, length, processor());
        step = new Step.Submit(sourceOffset, targetOffset, length, copy);
        return Next.CONTINUE;
    }

    private Next submit(Step.Submit now) {
        int cookie = channel.addPiece(now.copy(), processor());
        if (cookie == 0) {
            return Next.CONTINUE;
        }
        if (cookie < 0) {
            fail("submit error", now.sourceOffset(), now.targetOffset(), now.length(), cookie);
            return Next.CONTINUE;
        }
        channel.issuePending(processor());
        long deadline = processor().loop().nowPs() + parameters.timeoutPs();
        step = new Step.Wait(
                now.sourceOffset(), now.targetOffset(), now.length(), cookie, channel.generation(), deadline);
        channel.addWaiter(this);
        wakeAt(deadline);
        return Next.SPIN;
    }

    private Next check(Step.Wait now) {
        DmaStatus status = channel.complete(now.cookie(), processor());
        boolean overdue = processor().loop().nowPs() >= now.deadlinePs();
        boolean dropped = channel.generation() != now.generation();
        if (status == DmaStatus.DMA_IN_PROGRESS && !overdue && !dropped) {
            wakeAt(now.deadlinePs());
            return Next.SPIN;
        }
        channel.removeWaiter(this);
        if (status == DmaStatus.DMA_SUCCESS && !dropped) {
            verify(now);
        } else if (status == DmaStatus.DMA_ERROR || dropped) {
            fail("dma error", now.sourceOffset(), now.targetOffset(), now.length(), Errno.EIO.returned());
        } else {
            fail("test timed out", now.sourceOffset(), now.targetOffset(), now.length(), 0);
        }
        step = new Step.Begin();
        return Next.CONTINUE;
    }

    private void write(long buffer, int offset, int length, int outside, int insideToo) {
        byte[] pattern = new byte[parameters.bufferBytes()];
        for (int i = 0; i < pattern.length; i++) {
            boolean inside = i >= offset && i < offset + length;
            pattern[i] = (byte) (outside | (inside ? insideToo : 0) | (~i & PATTERN_COUNT_MASK));
        }
        memory.bytes().write(buffer, pattern, 0, pattern.length);
    }

    /** Checks the three ranges of both buffers: before, in and behind what was copied. */
    private void verify(Step.Wait now) {
        int size = parameters.bufferBytes();
        int end = now.sourceOffset() + now.length();
        processor().spend(Symbol.DMATEST_FUNC, 2L * size * cyclesPerKilobyte / 1000);
        int wrong = verify(source, 0, now.sourceOffset(), 0, PATTERN_SRC, true);
        wrong += verify(source, now.sourceOffset(), end, now.sourceOffset(), PATTERN_SRC | PATTERN_COPY, true);
        wrong += verify(source, end, size, end, PATTERN_SRC, true);
        int targetEnd = now.targetOffset() + now.length();
        wrong += verify(target, 0, now.targetOffset(), 0, 0, false);
        wrong += verify(target, now.targetOffset(), targetEnd, now.sourceOffset(), PATTERN_SRC | PATTERN_COPY, false);
        wrong += verify(target, targetEnd, size, targetEnd, 0, false);
        if (wrong > 0) {
            fail("errors", now.sourceOffset(), now.targetOffset(), now.length(), wrong);
            return;
        }
        bytes += now.length();
        if (goodLines++ < GOOD_LINE_LIMIT) {
            log(result("No errors", now.sourceOffset(), now.targetOffset(), now.length(), 0));
        }
    }

    private int verify(long buffer, int from, int to, int counterFrom, int pattern, boolean isSource) {
        byte[] found = new byte[to - from];
        memory.bytes().read(buffer + from, found, 0, found.length);
        int wrong = 0;
        for (int i = 0; i < found.length; i++) {
            int expected = pattern | (~(counterFrom + i) & PATTERN_COUNT_MASK);
            int actual = found[i] & 0xff;
            if (actual != expected && wrong++ < MISMATCH_LIMIT) {
                log("%s: %s [0x%x] Expected %02x, got %02x"
                        .formatted(name(), complaint(actual, pattern, isSource), from + i, expected, actual));
            }
        }
        return wrong;
    }

    private static String complaint(int actual, int pattern, boolean isSource) {
        int difference = actual ^ pattern;
        if (isSource) {
            return "srcbuf overwritten!";
        }
        if ((pattern & PATTERN_COPY) != 0 && (difference & (PATTERN_COPY | PATTERN_OVERWRITE)) != 0) {
            return "dstbuf not copied!";
        }
        return (difference & PATTERN_SRC) != 0 ? "dstbuf was copied!" : "dstbuf mismatch!";
    }

    private void fail(String what, int sourceOffset, int targetOffset, int length, int data) {
        failures++;
        log(result(what, sourceOffset, targetOffset, length, data));
        step = new Step.Begin();
    }

    private String result(String what, int sourceOffset, int targetOffset, int length, int data) {
        return "%s: #%d: %s with src_off=0x%x dst_off=0x%x len=0x%x (%d)"
                .formatted(name(), tests, what, sourceOffset, targetOffset, length, data);
    }

    private void log(String line) {
        if (lines.size() < LINE_LIMIT) {
            lines.add(line);
        }
    }
}
