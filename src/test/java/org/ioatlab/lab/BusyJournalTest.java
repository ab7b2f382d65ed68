package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ioatlab.machine.BusyDay;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketViews;
import org.junit.jupiter.api.Test;

/** The journal of a machine with programs, sockets and traffic makes the same machine again. */
class BusyJournalTest {
    private static MachineHandle begun(Lab lab) {
        MachineHandle machine = lab.done(lab.fleet.create(
                        new MachineCreation(
                                "busy",
                                Map.of(),
                                "ioat",
                                BusyDay.spec(),
                                new ClockSetting(ClockState.PAUSED, ClockSetting.REAL_TIME)),
                        true))
                .machine();
        for (Command<?> command : BusyDay.beginning()) {
            lab.done(machine.execute(command));
        }
        goOn(lab, machine, 5);
        return machine;
    }

    private static void goOn(Lab lab, MachineHandle machine, int steps) {
        for (int i = 0; i < steps; i++) {
            lab.done(machine.advance(new Advance.By(BusyDay.STEP), null));
        }
    }

    private static void setCable(Lab lab, MachineHandle machine, boolean up) {
        lab.done(machine.execute(new NicCommand.Configure("eth0", null, null, null, null, null, null, up)));
    }

    /** Takes a connection and reads from it. */
    private static void useSocket(Lab lab, MachineHandle machine) {
        String listening = machine.look(faces -> faces.sockets().sockets().stream()
                        .filter(socket ->
                                socket.localPort() == 5004 && socket.state().equals("LISTEN"))
                        .map(SocketViews.Socket::id)
                        .findFirst()
                        .orElseThrow())
                .join();
        String socket = lab.done(machine.execute(new SocketCommand.Accept(listening, BusyDay.STEP, 0)))
                .id();
        SocketViews.Received received = lab.done(machine.execute(
                new SocketCommand.Receive(socket, List.of(1_000, 500), List.of("MSG_WAITALL"), BusyDay.STEP, 1)));
        assertThat(received.received()).isEqualTo(1_500);
    }

    @Test
    void isMadeAgain() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab);
            useSocket(lab, machine);
            setCable(lab, machine, false);
            goOn(lab, machine, 2);
            setCable(lab, machine, true);
            goOn(lab, machine, 5);
            assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
        }
    }

    @Test
    void aForkGoesTheSameWay() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = begun(lab);
            MachineHandle fork = lab.done(lab.fleet.fork(machine.id(), new ForkRequest(null, null, null, null), null));
            assertThat(Lab.end(fork)).isEqualTo(Lab.end(machine));
            for (MachineHandle one : new MachineHandle[] {machine, fork}) {
                goOn(lab, one, 5);
            }
            assertThat(Lab.end(fork)).isEqualTo(Lab.end(machine));
        }
    }
}
