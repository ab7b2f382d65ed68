package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.dmaengine.DmaChannel;
import org.ioatlab.kernel.dmaengine.DmaClient;
import org.ioatlab.kernel.dmaengine.DmaEvent;
import org.ioatlab.kernel.dmaengine.DmatestThread;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** dmatest: takes free channels, runs its threads on them, one processor after the other, and gives the channels back. */
final class SelfTestCall extends KernelCall<DmaViews.SelfTestResult> implements DmaClient.EventCallback {
    private final DmaFace face;
    private final DmaCommand.SelfTest command;
    private final List<DmatestThread> threads = new ArrayList<>();
    private final long beganPs;
    private @Nullable DmaClient client;

    SelfTestCall(DmaFace face, DmaCommand.SelfTest command, Processor processor) {
        super("dmatest", processor);
        this.face = face;
        this.command = command;
        beganPs = processor.loop().nowPs();
    }

    @Override
    public void event(DmaClient owner, DmaChannel channel, DmaEvent event) {
        // a channel that goes away makes its threads fail by themselves
    }

    @Override
    protected Next resume() {
        if (client == null) {
            return takeChannels();
        }
        for (DmatestThread thread : threads) {
            if (!thread.hasEnded()) {
                return Next.SLEEP;
            }
        }
        face.subsystem.unregister(client, processor());
        for (DmatestThread thread : threads) {
            thread.freeBuffers(processor());
        }
        return answer(result());
    }

    @Override
    protected DmaViews.SelfTestResult finish(DmaViews.SelfTestResult result) {
        long elapsed = Picoseconds.toNanoseconds(processor().loop().nowPs() - beganPs);
        return new DmaViews.SelfTestResult(
                result.passed(),
                result.iterations(),
                result.failures(),
                result.bytes(),
                elapsed,
                result.lines(),
                result.summary());
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(threads.size());
    }

    private Next takeChannels() {
        DmaClient tester = face.subsystem.register("dmatest", this, processor());
        client = tester;
        for (DmaChannel channel : face.subsystem.channels()) {
            boolean wanted = command.channel() == null || channel.name().equals(command.channel());
            boolean room = command.maxChannels() == 0 || tester.channels().size() < command.maxChannels();
            if (wanted && room) {
                face.subsystem.take(tester, channel, processor());
            }
        }
        if (tester.channels().isEmpty() && command.channel() == null) {
            face.subsystem.claimFor(tester, processor());
        }
        if (tester.channels().isEmpty()) {
            face.subsystem.unregister(tester, processor());
            return refuse(Refusal.conflict("no-channel", "No channel is free for dmatest.")
                    .with("state", "OWNED"));
        }
        startThreads(tester);
        return Next.SLEEP;
    }

    private void startThreads(DmaClient tester) {
        long timeoutPs =
                command.timeoutMs() < 0 ? EventLoop.HORIZON_PS : command.timeoutMs() * Picoseconds.PER_MILLISECOND;
        DmatestThread.Parameters parameters =
                new DmatestThread.Parameters(command.testBufSize(), command.iterations(), timeoutPs);
        int cpu = processor().cpu().id();
        for (DmaChannel channel : tester.channels()) {
            for (int i = 0; i < command.threadsPerChan(); i++) {
                DmatestThread thread = new DmatestThread(
                        i,
                        (IoatChannel) channel,
                        face.memory,
                        face.nextTestRandom(),
                        parameters,
                        this,
                        face.processors.get(cpu++ % face.processors.count()),
                        face.platform);
                threads.add(thread);
                thread.wake();
            }
        }
    }

    private DmaViews.SelfTestResult result() {
        int tests = 0;
        int failures = 0;
        long bytes = 0;
        List<String> lines = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (DmatestThread thread : threads) {
            tests += thread.tests();
            failures += thread.failures();
            bytes += thread.bytes();
            lines.addAll(thread.lines());
            summaries.add(thread.summary());
        }
        lines.addAll(summaries);
        return new DmaViews.SelfTestResult(
                failures == 0, tests, failures, bytes, 0, lines, String.join("\n", summaries));
    }
}
