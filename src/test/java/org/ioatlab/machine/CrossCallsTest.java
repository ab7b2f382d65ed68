package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.sched.FreeTicks;
import org.junit.jupiter.api.Test;

/**
 * smp_call_async_mask() beside smp_call_function() on four processors (OLS 2005 paper, section 3). A cycle takes a nanosecond; sending
 * costs 10, an interrupt's entry and receiving 5 and 20, the way 300 ns, and the function 1000.
 */
class CrossCallsTest {
    private final TestMachine m = machine(4);

    private static TestMachine machine(int cpus) {
        return new TestMachine(spec(cpus));
    }

    private static MachineSpec spec(int cpus) {
        Map<String, Long> costs = new java.util.LinkedHashMap<>(FreeTicks.COSTS);
        costs.put("crossCallSendCycles", 10L);
        costs.put("crossCallReceiveCycles", 20L);
        costs.put("crossCallLatencyNs", 300L);
        costs.put("interruptEntryCycles", 5L);
        costs.put("contextSwitchCycles", 0L);
        MachineSpec s = Presets.IOAT.spec();
        return new MachineSpec(
                s.platform(),
                s.seed(),
                new MachineSpec.Cpus(cpus, 1, 1, 1000),
                s.memory(),
                s.nic(),
                s.dma(),
                s.kernel(),
                costs);
    }

    private static CpuCommand.CallOthers asyncMask(Integer... cpus) {
        return new CpuCommand.CallOthers(CpuCommand.CrossCallType.ASYNC_MASK, List.of(cpus), 1000, 0);
    }

    private static CpuCommand.CallOthers callFunction(int cpu) {
        return new CpuCommand.CallOthers(CpuCommand.CrossCallType.CALL_FUNCTION, null, 1000, cpu);
    }

    private String run(CpuCommand.CallOthers command) {
        return line(m.run(command));
    }

    private static String line(CpuViews.CrossCalled c) {
        return "%s by %d of %s: %d cycles, returned @%d, started @%s, completed @%d"
                .formatted(
                        c.type(),
                        c.cpu(),
                        c.calledCpus(),
                        c.callerCycles(),
                        c.returnedAfterNs(),
                        c.startedAfterNs(),
                        c.completedAfterNs());
    }

    private List<Long> busy() {
        return m.machine.cpus().cpus().stream().map(CpuViews.Cpu::busyCycles).toList();
    }

    @Test
    void theOldCallHoldsItsCallerUpAndReachesAll() {
        assertThat(run(asyncMask(1, 2)))
                .isEqualTo("ASYNC_MASK by 0 of [1, 2]: 10 cycles, returned @10, started @[335, 335], completed @1335");
        assertThat(busy()).containsExactly(10L, 1025L, 1025L, 0L);
        assertThat(run(callFunction(0)))
                .isEqualTo(
                        "CALL_FUNCTION by 0 of [1, 2, 3]: 1335 cycles, returned @1335, started @[335, 335, 335], completed @1335");
        assertThat(busy()).containsExactly(10L + 1335, 2050L, 2050L, 1025L);
    }

    @Test
    void theMaskMayNameTheCallerItself() {
        assertThat(run(asyncMask(0)))
                .isEqualTo("ASYNC_MASK by 0 of [0]: 10 cycles, returned @10, started @[335], completed @1335");
    }

    @Test
    void aFunctionMayCostNothing() {
        assertThat(line(m.run(new CpuCommand.CallOthers(CpuCommand.CrossCallType.ASYNC_MASK, List.of(3), 0, 1))))
                .isEqualTo("ASYNC_MASK by 1 of [3]: 10 cycles, returned @10, started @[335], completed @335");
    }

    @Test
    void oldCallsWaitForEachOther() {
        Call<CpuViews.CrossCalled> first = m.start(callFunction(0));
        Call<CpuViews.CrossCalled> second = m.start(callFunction(1));
        assertThat(line(m.finish(first)))
                .isEqualTo(
                        "CALL_FUNCTION by 0 of [1, 2, 3]: 1335 cycles, returned @1335, started @[335, 335, 335], completed @1335");
        assertThat(line(m.finish(second)))
                .isEqualTo(
                        "CALL_FUNCTION by 1 of [0, 2, 3]: 2670 cycles, returned @2670, started @[1670, 1670, 1670], completed @2670");
    }

    @Test
    void newCallsDoNot() {
        Call<CpuViews.CrossCalled> first = m.start(asyncMask(1, 2, 3));
        Call<CpuViews.CrossCalled> second =
                m.start(new CpuCommand.CallOthers(CpuCommand.CrossCallType.ASYNC_MASK, List.of(0, 2), 1000, 1));
        assertThat(line(m.finish(first)))
                .isEqualTo(
                        "ASYNC_MASK by 0 of [1, 2, 3]: 10 cycles, returned @10, started @[335, 335, 335], completed @1335");
        assertThat(line(m.finish(second)))
                .isEqualTo("ASYNC_MASK by 1 of [0, 2]: 10 cycles, returned @10, started @[335, 1335], completed @2335");
    }

    @Test
    void aloneTheOldCallReachesNobody() {
        CpuViews.CrossCalled alone = machine(1).run(callFunction(0));
        assertThat(line(alone))
                .isEqualTo("CALL_FUNCTION by 0 of []: 10 cycles, returned @10, started @[], completed @0");
    }

    @Test
    void eachCallReachesWhatItCan() {
        assertThat(m.refused(asyncMask())).isEqualTo("MEANINGLESS bad-cpu-mask");
        assertThat(m.refused(asyncMask(1, 4))).isEqualTo("MEANINGLESS no-such-cpu");
        assertThat(m.refused(callFunction(4))).isEqualTo("MEANINGLESS no-such-cpu");
        assertThat(m.refused(old(List.of(1, 2)))).isEqualTo("MEANINGLESS bad-cpu-mask");
        assertThat(m.refused(old(List.of(0, 1, 2, 3)))).isEqualTo("MEANINGLESS bad-cpu-mask");
        assertThat(m.refused(new CpuCommand.CallOthers(CpuCommand.CrossCallType.CALL_FUNCTION, null, 1_000_001, 0)))
                .isEqualTo("MALFORMED invalid-value");
        assertThat(m.run(old(List.of(3, 2, 1, 1))).calledCpus()).containsExactly(1, 2, 3);
    }

    private static CpuCommand.CallOthers old(List<Integer> cpus) {
        return new CpuCommand.CallOthers(CpuCommand.CrossCallType.CALL_FUNCTION, cpus, 1000, 0);
    }

    @Test
    void aMaskHasSixtyFourBits() {
        MachineSpec s = spec(8);
        TestMachine large = new TestMachine(new MachineSpec(
                s.platform(),
                s.seed(),
                new MachineSpec.Cpus(8, 9, 1, 1000),
                s.memory(),
                s.nic(),
                s.dma(),
                s.kernel(),
                s.costs()));
        assertThat(large.run(asyncMask(63)).calledCpus()).containsExactly(63);
        assertThat(large.refused(asyncMask(64))).isEqualTo("MEANINGLESS bad-cpu-mask");
        assertThat(large.run(callFunction(70)).calledCpus()).hasSize(71).contains(64, 71);
    }

    @Test
    void aCallUnderWayIsPartOfTheState() {
        List<String> digests = new ArrayList<>(List.of(m.machine.digest()));
        Call<?> call = m.start(asyncMask(1, 2));
        while (!call.isDone()) {
            m.machine.run(m.machine.nowPs() + 1_000_000_000L, 1, false);
            digests.add(m.machine.digest());
        }
        assertThat(digests).hasSizeGreaterThan(4).doesNotHaveDuplicates();
    }
}
