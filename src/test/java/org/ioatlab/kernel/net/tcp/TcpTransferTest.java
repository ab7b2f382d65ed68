package org.ioatlab.kernel.net.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** Two hosts exchange streams over bad paths; whatever the path does, the bytes arrive, and nothing is left behind. */
class TcpTransferTest {
    private static final Persona[] PERSONAS = {Persona.LINUX_2_6_12, Persona.LINUX_MODERN, Persona.FREEBSD};

    @Test
    void everyStreamArrives() {
        Seeds.forEach(TcpTransferTest::transfer);
    }

    private static void transfer(long seed) {
        SeededRandom random = new SeededRandom(seed);
        TcpWorld world = new TcpWorld(seed, PERSONAS[random.nextInt(3)], PERSONAS[random.nextInt(3)]);
        world.lossPerMille = random.nextInt(3) == 0 ? 0 : random.nextInt(50);
        world.doublePerMille = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
        world.reorderPerMille = random.nextInt(2) == 0 ? random.nextInt(100) : 0;
        for (TcpLayer tcp : List.of(world.left.tcp, world.right.tcp)) {
            tcp.settings().timestamps = random.nextInt(3) > 0;
            tcp.settings().sack = random.nextInt(3) > 0;
            tcp.settings().windowScaling = random.nextInt(3) > 0;
        }
        List<TcpWorld.App> apps = new ArrayList<>();
        long answer = random.nextInt(2) == 0 ? 0 : random.nextInt(200_000);
        boolean direct = random.nextInt(2) == 0;
        boolean slow = random.nextInt(3) == 0;
        TcpListener listener = world.right.tcp.listen(80, 5, new ListenerUser() {
            @Override
            public TcpUser opened(TcpConnection connection, Work on) {
                TcpWorld.App app = world.new App(world.right, answer, 16_384, direct);
                app.slow = slow;
                apps.add(app);
                return app;
            }

            @Override
            public void acceptable(TcpListener of, Work on) {
                TcpConnection connection = of.accept();
                apps.getLast().pump(connection);
            }
        });
        int small = random.nextInt(3) == 0 ? 2_048 + random.nextInt(8_000) : 0;
        listener.setWanted(new TcpOptionsWanted(small, 0, 0, 0, false));
        int connections = 1 + random.nextInt(3);
        long bytes = random.nextInt(400_000);
        List<TcpWorld.App> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            TcpWorld.App app = world.new App(world.left, bytes, 65_536, direct);
            clients.add(app);
            world.left.tcp.connect(
                    world.left.address, 0, world.right.address, 80, TcpOptionsWanted.DEFAULT, app, world.left);
        }
        assertEquals(EventLoop.Stop.IDLE, world.loop.run(3600 * Picoseconds.PER_SECOND, 5_000_000, true));
        for (TcpWorld.App app : clients) {
            assertEquals(0, app.error);
            assertEquals(answer, app.read);
            assertTrue(app.done);
        }
        assertEquals(connections, apps.size());
        for (TcpWorld.App app : apps) {
            assertEquals(bytes, app.read);
            assertTrue(app.done);
        }
        assertEquals(0, world.left.outside);
        assertEquals(0, world.right.outside);
        world.loop.run(EventLoop.HORIZON_PS, 1_000_000, false);
        assertEquals(0, world.left.tcp.endpoints());
        assertEquals(0, world.right.tcp.endpoints());
    }
}
