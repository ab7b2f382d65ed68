package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Machines of many rates share one pacer: each gets its turn at its own moment, whatever the others do. */
class TimersTest {
    @Test
    void manyMachinesKeepTheirOwnTime() {
        Seeds.all().limit(3).forEach(seed -> {
            try (Lab lab = new Lab()) {
                RandomUser user = new RandomUser(seed);
                MachineHandle[] machines = new MachineHandle[20];
                for (int i = 0; i < machines.length; i++) {
                    machines[i] = lab.make(null, ClockState.RUNNING, ClockSetting.SLOWEST * (1 + user.pick(2_000)));
                }
                for (int step = 0; step < 300; step++) {
                    MachineHandle one = machines[user.pick(machines.length)];
                    Lab.leaveAnyhow(user.pick(5) == 0 ? toggle(one) : one.execute(Lab.buffer(1 + user.pick(64))));
                    lab.pass(user.pick(4_000));
                }
                lab.pass(3_600_000_000_000L);
                for (MachineHandle machine : machines) {
                    ClockView clock = machine.clock().join();
                    assertThat(clock.lagNs()).isZero();
                    assertThat(clock.idle() || !clock.setting().isRunning()).isTrue();
                    assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
                }
            }
        });
    }

    private static CompletableFuture<ClockView> toggle(MachineHandle machine) {
        boolean running = machine.clock().join().setting().isRunning();
        return machine.patchClock(running ? ClockState.PAUSED : ClockState.RUNNING, null, null);
    }
}
