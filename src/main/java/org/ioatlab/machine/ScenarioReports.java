package org.ioatlab.machine;

import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.scenario.CowRace;
import org.ioatlab.workload.scenario.PinLeak;
import org.ioatlab.workload.scenario.ScenarioProgram;
import org.ioatlab.workload.scenario.ZeroWindowDeadlock;
import org.jspecify.annotations.Nullable;

/** Says what a scenario's program has come upon. */
record ScenarioReports(Scenario scenario, KernelSpec kernel, long startPs, long nowPs) {
    ScenarioViews.Report of(ScenarioProgram program) {
        return switch (program) {
            case CowRace race -> report(race);
            case ZeroWindowDeadlock deadlock -> report(deadlock);
            case PinLeak leak -> report(leak);
            default -> throw new IllegalArgumentException(program.name());
        };
    }

    private ScenarioViews.Report report(CowRace race) {
        int mismatch = race.mismatchAt();
        ScenarioViews.CowRace figures = new ScenarioViews.CowRace(
                race.wrongBytes(), mismatch < 0 ? null : mismatch, race.bytesInChild(), race.copiedPages());
        String what = mismatch < 0
                ? "The read returned " + race.receivedBytes() + " bytes as they were sent."
                : "The read returned " + race.receivedBytes() + " bytes, of which " + race.wrongBytes()
                        + " aren't what was sent, the first at offset " + mismatch + "; " + race.bytesInChild()
                        + " of those were written to pages that had become the child's.";
        return report(race, mismatch >= 0, what, figures, null, null);
    }

    private ScenarioViews.Report report(ZeroWindowDeadlock deadlock) {
        long stalledPs = deadlock.stalledPs();
        ScenarioViews.ZeroWindow figures = new ScenarioViews.ZeroWindow(
                deadlock.askedBytes(),
                deadlock.queuedBytes(),
                Picoseconds.toNanoseconds(stalledPs),
                deadlock.window(),
                deadlock.chargedBytes(),
                deadlock.bufferBytes(),
                deadlock.probes());
        boolean stalled = stalledPs >= ZeroWindowDeadlock.STALL_PS;
        String bytes = deadlock.receivedBytes() + " of " + deadlock.askedBytes() + " bytes";
        String what = stalled
                ? "The read had got " + bytes + " when its time was over: for "
                        + stalledPs / Picoseconds.PER_MILLISECOND + " ms the window had been closed, with "
                        + deadlock.chargedBytes() + " bytes charged to a receive buffer of " + deadlock.bufferBytes()
                        + ", and " + deadlock.probes() + " probes hadn't opened it."
                : "The read returned " + bytes + ".";
        return report(deadlock, stalled, what, null, figures, null);
    }

    private ScenarioViews.Report report(PinLeak leak) {
        ScenarioViews.PinLeak figures = new ScenarioViews.PinLeak(
                leak.askedBytes(),
                leak.reads(),
                leak.failedReads(),
                error(leak.error()),
                leak.pinnedBefore(),
                leak.pinnedAfter(),
                leak.leakedPins(),
                leak.lostPages());
        String reads = leak.failedReads() + " of " + leak.reads() + " reads failed, the others returned "
                + leak.receivedBytes() + " bytes; ";
        String what = leak.leakedPins() == 0
                ? reads + "all pages were let go."
                : reads + leak.lostPages() + " pages stay pinned for good, " + leak.leakedPins() + " times in all.";
        return report(leak, leak.leakedPins() > 0 || leak.failedReads() > 0, what, null, null, figures);
    }

    private static @Nullable String error(int number) {
        Errors error = Errors.of(-number);
        return number == 0 || error == null ? null : error.name();
    }

    private ScenarioViews.Report report(
            ScenarioProgram program,
            boolean wentWrong,
            String what,
            ScenarioViews.@Nullable CowRace cowRace,
            ScenarioViews.@Nullable ZeroWindow zeroWindow,
            ScenarioViews.@Nullable PinLeak pinLeak) {
        return new ScenarioViews.Report(
                scenario,
                kernel.personality().label(),
                kernel.copyOffload(),
                wentWrong,
                what,
                program.receivedBytes(),
                cowRace,
                zeroWindow,
                pinLeak,
                SocketViews.Offload.of(program.copies()),
                Picoseconds.toNanoseconds(startPs),
                Picoseconds.toNanoseconds(nowPs));
    }
}
