package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.ioatlab.lab.JournalEntry.Applied;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.DmaSpec;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/** A journal makes the same machine again: to the last byte, event and picosecond. */
class JournalTest {
    private static final int STEPS = 60;
    private static final long SECOND = 1_000_000_000L;

    private static MachineHandle begun(Lab lab, ClockState state) {
        MachineHandle machine = lab.make(null, state, ClockSetting.REAL_TIME);
        RandomUser.begin(machine);
        lab.pass(SECOND);
        return machine;
    }

    /** A step's answer doesn't matter: refusals belong to a random user's day. */
    private static void act(Lab lab, CompletableFuture<?> step) {
        lab.hands.work();
        assertThat(step).isDone();
    }

    @Test
    void aPausedMachineIsMadeAgain() {
        Seeds.forEach(seed -> {
            try (Lab lab = new Lab()) {
                MachineHandle machine = begun(lab, ClockState.PAUSED);
                RandomUser user = new RandomUser(seed);
                for (int i = 0; i < STEPS; i++) {
                    act(lab, user.actOnPaused(machine));
                }
                assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
            }
        });
    }

    @Test
    void aRunningMachineIsMadeAgainThroughRatesAndLags() {
        Seeds.forEach(seed -> {
            try (Lab lab = new Lab()) {
                MachineHandle machine = begun(lab, ClockState.RUNNING);
                RandomUser user = new RandomUser(seed);
                for (int i = 0; i < STEPS; i++) {
                    CompletableFuture<?> step = user.act(machine);
                    lab.wall.move(user.pick(3) == 0 ? user.pick(3_000_000) : user.pick(3_000));
                    if (user.pick(2) == 0) {
                        lab.fleet.tick();
                    }
                    lab.hands.work();
                    assertThat(step).isNotNull();
                }
                assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
            }
        });
    }

    @Test
    void callsInFlightAtTheExportAreInFlightInTheCopy() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.RUNNING);
            CompletableFuture<?> call = machine.execute(Lab.pages(1000));
            lab.pass(10_000);
            machine.patchClock(ClockState.PAUSED, null, null).join();
            assertThat(call).isNotDone();
            MachineHandle copy =
                    lab.done(lab.fleet.importJournal(machine.journal().join(), "copy", null));
            for (MachineHandle one : List.of(machine, copy)) {
                lab.done(one.advance(new Advance.UntilIdle(SECOND * 1000), null));
            }
            assertThat(call).isDone();
            assertThat(Lab.end(copy)).isEqualTo(Lab.end(machine));
            assertThat(copy.look(faces -> faces.memory().state().pages()).join())
                    .isEqualTo(1000);
        }
    }

    @Test
    void aWaitThatSleepsOnARunningMachineLetsOthersWork() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.RUNNING);
            DmaCommand.Place from = new DmaCommand.Place("b1", null, 0);
            DmaCommand.Place to = new DmaCommand.Place("b2", null, 0);
            List<DmaCommand.Copy> copies = Collections.nCopies(20, new DmaCommand.Copy(to, from, 8192));
            CompletableFuture<DmaViews.Submitted> submit =
                    machine.execute(new DmaCommand.SubmitCopies("dma0chan0", null, copies, false, 0));
            lab.pass(40_000);
            Lab.leave(machine.execute(new DmaCommand.ControlChannel("dma0chan0", DmaCommand.Control.SUSPEND, 1)));
            lab.pass(SECOND);
            int last = submit.join().copies().getLast().cookie();
            CompletableFuture<DmaViews.Cookie> wait =
                    machine.execute(new DmaCommand.WaitForCookie("dma0chan0", last, 1_000_000_000_000L, 0));
            lab.pass(SECOND / 2);
            assertThat(wait).isNotDone();
            assertThat(machine.clock().join().lagNs()).isZero();
            Lab.leave(machine.execute(new DmaCommand.ControlChannel("dma0chan0", DmaCommand.Control.RESUME, 1)));
            lab.pass(SECOND / 4);
            assertThat(wait.join().status()).isEqualTo("DMA_SUCCESS");
            assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
        }
    }

    @Test
    void twoMachinesDrivenAlikeAreAlikeAtEveryStep() {
        Seeds.forEach(seed -> {
            try (Lab lab = new Lab();
                    Lab otherLab = new Lab()) {
                MachineHandle machine = begun(lab, ClockState.PAUSED);
                MachineHandle twin = begun(otherLab, ClockState.PAUSED);
                RandomUser user = new RandomUser(seed);
                RandomUser alike = new RandomUser(seed);
                for (int i = 0; i < STEPS; i++) {
                    act(lab, user.actOnPaused(machine));
                    act(otherLab, alike.actOnPaused(twin));
                    assertThat(Lab.end(twin)).as("step " + i).isEqualTo(Lab.end(machine));
                }
            }
        });
    }

    @Test
    void aForkAtEverySequenceIsTheMachineAsItWas() {
        Seeds.all().limit(3).forEach(seed -> {
            try (Lab lab = new Lab()) {
                MachineHandle machine = begun(lab, ClockState.PAUSED);
                RandomUser user = new RandomUser(seed);
                List<JournalEnd> ends = new ArrayList<>();
                while (ends.size() < 20) {
                    int before = machine.journal().join().entries().size();
                    act(lab, user.actOnPaused(machine));
                    if (machine.journal().join().entries().size() > before) {
                        ends.add(Lab.end(machine));
                    }
                }
                int first = machine.journal().join().entries().size() - ends.size();
                for (int i = 0; i < ends.size(); i++) {
                    MachineHandle fork = fork(lab, machine, first + i + 1L, null);
                    assertThat(Lab.end(fork))
                            .as("after entry " + (first + i + 1))
                            .isEqualTo(ends.get(i));
                    assertThat(fork.journal().join().entries())
                            .isEqualTo(machine.journal().join().entries().subList(0, first + i + 1));
                }
            }
        });
    }

    private static MachineHandle fork(Lab lab, MachineHandle machine, Long atSequence, MachineSpec spec) {
        return lab.done(lab.fleet.fork(machine.id(), new ForkRequest(atSequence, spec, null, null), null));
    }

    @Test
    void aForkOfARunningMachineStandsJustBeforeTheNextEntry() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.RUNNING);
            RandomUser user = new RandomUser(7);
            for (int i = 0; i < STEPS; i++) {
                Lab.leave(machine.execute(Lab.pages(1 + user.pick(20))));
                lab.pass(user.pick(5_000));
            }
            List<JournalEntry> entries = machine.journal().join().entries();
            for (int at = 0; at < entries.size() - 1; at += 7) {
                ForkRequest request =
                        new ForkRequest((long) at, null, null, new ClockSetting(ClockState.PAUSED, 1_000_000));
                MachineHandle fork = lab.done(lab.fleet.fork(machine.id(), request, null));
                JournalEnd end = Lab.end(fork);
                assertThat(end.nowPs()).isEqualTo(entries.get(at).atPs());
                assertThat(end.fired()).isEqualTo(entries.get(at).firedBefore());
                assertThat(fork.origin().machine()).isEqualTo(machine.id());
                assertThat(fork.origin().atSequence()).isEqualTo(at);
                assertThat(Lab.replayed(fork.journal().join())).isEqualTo(end);
            }
        }
    }

    @Test
    void aForkRunsOnByItselfAndTheOriginalDoesNotNotice() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            JournalEnd before = Lab.end(machine);
            MachineHandle fork = fork(lab, machine, null, null);
            assertThat(Lab.end(fork)).isEqualTo(before);
            lab.done(fork.execute(Lab.buffer(64)));
            assertThat(Lab.end(machine)).isEqualTo(before);
            assertThat(Lab.end(fork)).isNotEqualTo(before);
        }
    }

    @Test
    void aForkAtASequenceThatIsNotThereIsRefused() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            for (long at : new long[] {-1, 5}) {
                ForkRequest request = new ForkRequest(at, null, null, null);
                assertThat(lab.refused(lab.fleet.fork(machine.id(), request, null)))
                        .isEqualTo("MEANINGLESS no-such-sequence");
            }
            assertThat(lab.refused(lab.fleet.fork("nobody", new ForkRequest(null, null, null, null), null)))
                    .isEqualTo("UNKNOWN unknown-machine");
        }
    }

    @Test
    void aForkWithAnotherSpecKeepsInstantsWhereItCan() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            lab.done(machine.advance(new Advance.Until(5_000_000_000L), null));
            lab.done(machine.execute(Lab.pages(50)));
            MachineHandle slow = fork(lab, machine, null, withFrequency(500));
            List<JournalEntry> original = machine.journal().join().entries();
            List<JournalEntry> changed = slow.journal().join().entries();
            assertThat(changed).hasSameSizeAs(original);
            assertThat(changed.getLast().atPs()).isEqualTo(5_000_000_000L);
            assertThat(changed.get(1).atPs())
                    .as("after slower calls")
                    .isGreaterThan(original.get(1).atPs());
            assertThat(Lab.end(slow).nowPs()).isGreaterThan(Lab.end(machine).nowPs());
            assertThat(slow.clock().join().idle()).isTrue();
            assertThat(slow.origin().skippedCount()).isZero();
            assertThat(Lab.replayed(slow.journal().join())).isEqualTo(Lab.end(slow));
        }
    }

    private static MachineSpec withFrequency(int megahertz) {
        MachineSpec spec = Lab.spec();
        return new MachineSpec(
                spec.platform(),
                spec.seed(),
                new MachineSpec.Cpus(2, 1, 2, megahertz),
                spec.memory(),
                spec.nic(),
                spec.dma(),
                spec.kernel(),
                spec.costs());
    }

    @Test
    void aForkWithAnotherSpecLeavesOutWhatIsRefusedNow() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            DmaCommand.Place place = new DmaCommand.Place("b1", null, 0);
            List<DmaCommand.Copy> copy = List.of(new DmaCommand.Copy(place, place, 8));
            lab.done(machine.execute(new DmaCommand.SubmitCopies("dma0chan0", null, copy, false, 0)));
            lab.done(machine.execute(Lab.buffer(64)));
            MachineSpec spec = Lab.spec();
            MachineSpec without = new MachineSpec(
                    spec.platform(),
                    spec.seed(),
                    spec.cpus(),
                    spec.memory(),
                    spec.nic(),
                    new DmaSpec(false, 4, 4096, true, DmaSpec.Enumeration.BOOT, 0),
                    spec.kernel(),
                    spec.costs());
            MachineHandle fork = fork(lab, machine, null, without);
            assertThat(fork.origin().skipped())
                    .extracting(Origin.Skipped::sequence)
                    .containsExactly(5L);
            assertThat(fork.look(faces -> faces.memory().state().buffers()).join())
                    .isEqualTo(3);
            assertThat(fork.journal().join().entries()).hasSize(5);
            assertThat(Lab.replayed(fork.journal().join())).isEqualTo(Lab.end(fork));
        }
    }

    @Test
    void machinesInParallelEqualTheSameOnesOneAfterAnother() throws Exception {
        List<JournalEnd> alone = new ArrayList<>();
        for (long seed = 1; seed <= 4; seed++) {
            alone.add(day(seed));
        }
        List<CompletableFuture<JournalEnd>> together = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (long seed = 1; seed <= 4; seed++) {
                long one = seed;
                together.add(CompletableFuture.supplyAsync(() -> day(one), threads));
            }
        }
        assertThat(together.stream().map(CompletableFuture::join)).containsExactlyElementsOf(alone);
    }

    private static JournalEnd day(long seed) {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            RandomUser user = new RandomUser(seed);
            for (int i = 0; i < 2 * STEPS; i++) {
                act(lab, user.actOnPaused(machine));
            }
            return Lab.end(machine);
        }
    }

    /** The order in which threads get their turn is anybody's guess; whatever it was, the journal tells it. */
    @Test
    void whateverSeveralThreadsDoAtOnceIsMadeAgain() {
        Seeds.all().limit(5).forEach(JournalTest::severalThreads);
    }

    private static void severalThreads(long seed) {
        HandClock wall = new HandClock();
        try (ExecutorService workers = Executors.newFixedThreadPool(2);
                Fleet fleet = new Fleet(wall, Limits.with().make(), workers)) {
            MachineHandle machine = fleet.create(
                            Lab.creation("shared", ClockState.RUNNING, ClockSetting.REAL_TIME), true)
                    .join()
                    .machine();
            RandomUser.begin(machine);
            CountDownLatch done = new CountDownLatch(4);
            for (int user = 0; user < 4; user++) {
                RandomUser random = new RandomUser(seed * 100 + user);
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < STEPS; i++) {
                        Lab.leaveAnyhow(random.act(machine));
                        wall.move(random.pick(20_000));
                    }
                    done.countDown();
                });
            }
            while (!await(done)) {
                wall.move(1_000);
                fleet.tick();
            }
            machine.patchClock(ClockState.PAUSED, null, null).join();
            JournalFile journal = machine.journal().join();
            assertThat(Lab.replayed(journal)).isEqualTo(journal.end());
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.MICROSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aJournalThatTellsSomethingElseIsRefused() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            JournalFile good = machine.journal().join();
            JournalEnd end = good.end();
            String digest = "0".repeat(64);
            assertThat(imported(lab, good, good.entries(), new JournalEnd(end.nowPs(), end.fired(), digest)))
                    .isEqualTo("MEANINGLESS digest-mismatch");
            assertThat(imported(lab, good, good.entries(), new JournalEnd(end.nowPs(), end.fired() + 1, digest)))
                    .isEqualTo("MEANINGLESS journal-diverges");
            assertThat(imported(lab, good, good.entries(), new JournalEnd(end.nowPs() - 1, end.fired(), digest)))
                    .isEqualTo("MEANINGLESS journal-diverges");
            assertThat(imported(lab, good, good.entries(), new JournalEnd(Long.MAX_VALUE, end.fired(), digest)))
                    .isEqualTo("MEANINGLESS journal-diverges");
            assertThat(imported(lab, good, good.entries().subList(1, 4), end))
                    .isEqualTo("MEANINGLESS journal-diverges");
            List<JournalEntry> refused = new ArrayList<>(good.entries());
            refused.set(
                    3,
                    new JournalEntry(
                            4,
                            refused.get(3).atPs(),
                            refused.get(3).firedBefore(),
                            new Applied(new DmaCommand.UnregisterClient("x", 0))));
            assertThat(imported(lab, good, refused, end)).isEqualTo("MEANINGLESS journal-diverges");
            assertThat(lab.fleet.size()).isEqualTo(1);
        }
    }

    private static String imported(Lab lab, JournalFile good, List<JournalEntry> entries, JournalEnd end) {
        return lab.refused(lab.fleet.importJournal(new JournalFile(good.creation(), entries, end), "copy", null));
    }

    @Test
    void anImportCanBeCancelled() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.PAUSED);
            lab.done(machine.execute(Lab.pages(20_000)));
            lab.done(machine.execute(Lab.buffer(64)));
            Cancellation cancellation = new Cancellation();
            CompletableFuture<MachineHandle> copy =
                    lab.fleet.importJournal(machine.journal().join(), "copy", cancellation);
            lab.hands.workOnce();
            assertThat(copy).isNotDone();
            cancellation.request();
            assertThat(lab.refused(copy)).isEqualTo("CONFLICT cancelled");
            assertThat(lab.fleet.size()).isEqualTo(1);
        }
    }

    @Test
    void anImportedMachineGoesOnFromWhereItStood() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab, ClockState.RUNNING);
            lab.pass(SECOND);
            long nowNs = machine.clock().join().nowNs();
            MachineHandle copy =
                    lab.done(lab.fleet.importJournal(machine.journal().join(), null, null));
            assertThat(copy.clock().join().nowNs()).isEqualTo(nowNs);
            assertThat(copy.clock().join().setting())
                    .isEqualTo(machine.clock().join().setting());
            lab.pass(1_000);
            assertThat(copy.clock().join().nowNs()).isEqualTo(nowNs + 1_000);
        }
    }
}
