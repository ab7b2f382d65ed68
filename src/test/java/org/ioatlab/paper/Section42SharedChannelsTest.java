package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.MS;

import java.util.List;
import java.util.stream.IntStream;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.machine.DmaSpec;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.PciCommand;
import org.ioatlab.machine.SocketViews;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The network stack as a client of the DMA subsystem (OLS 2005 paper, section 4.2): channels serve consecutive processors, as many each as the
 * others, the first ones one more (Linux 2.6.18, {@code net/core/dev.c}).
 */
class Section42SharedChannelsTest {
    private static final int CPUS = 4;

    private static Setup fourProcessors(Personality personality) {
        Setup setup = Setup.offload(personality);
        setup.copybreakBytes = 0;
        return setup.sockets(CPUS);
    }

    /** The channel that copies what a processor reads from the queue, as a digit; a dash for none. */
    private static String channelsOfReaders(Server server) {
        Sender sender = Sender.connected(server);
        StringBuilder channels = new StringBuilder();
        for (int cpu = 0; cpu < CPUS; cpu++) {
            List<Long> before = counts(server);
            sender.pushes(MSS);
            server.lab.advance(MS);
            SocketViews.Received read = server.lab.finish(server.readsOn(cpu, sender, MSS));
            assertThat(read.sha256()).isEqualTo(sender.next(MSS));
            channels.append(grown(before, counts(server)));
        }
        return channels.toString();
    }

    private static List<Long> counts(Server server) {
        return server.machine.dma().channels().stream()
                .map(DmaViews.Channel::memcpyCount)
                .toList();
    }

    private static String grown(List<Long> before, List<Long> after) {
        return IntStream.range(0, before.size())
                .filter(i -> after.get(i) > before.get(i))
                .mapToObj(Integer::toString)
                .findFirst()
                .orElse("-");
    }

    @ParameterizedTest
    @CsvSource({"4,0123", "3,0012", "2,0011", "1,0000", "0,----"})
    void readersShareChannels(int channels, String expected) {
        Setup setup = fourProcessors(Personality.OLS2005);
        setup.offloadChannels = channels;
        assertThat(channelsOfReaders(setup.server())).isEqualTo(expected);
    }

    /** An engine with fewer channels than the stack asks for. */
    @ParameterizedTest
    @CsvSource({"4,0123", "3,0012", "2,0011", "1,0000"})
    void enginesHaveFewerChannelsThanMachinesProcessors(int channels, String expected) {
        Setup setup = fourProcessors(Personality.LINUX_2_6_18);
        setup.channels = channels;
        assertThat(channelsOfReaders(setup.server())).isEqualTo(expected);
    }

    /** An early copy is the interrupted processor's, whoever reads. */
    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,1", "3,1"})
    void earlyCopiesAreTheSoftirqs(int interrupted, String expected) {
        Setup setup = fourProcessors(Personality.OLS2005);
        setup.offloadChannels = 2;
        Server server = setup.server();
        server.interrupts(interrupted);
        Sender sender = Sender.connected(server);
        var read = server.sleepsReading(sender, MSS);
        List<Long> before = counts(server);
        sender.pushes(MSS);
        assertThat(server.lab.finish(read).offload().earlyBytes()).isEqualTo(MSS);
        assertThat(grown(before, counts(server))).isEqualTo(expected);
    }

    /** "channels [...] may be enumerated later, at which point clients [...] will have their callback called". */
    @Test
    void channelsThatComeLaterAreDividedAnew() {
        Setup setup = fourProcessors(Personality.OLS2005);
        setup.enumeration = DmaSpec.Enumeration.DEFERRED;
        Server server = setup.server();
        Sender sender = Sender.connected(server);
        sender.pushes(MSS);
        assertThat(server.readAll(sender, MSS).offload().engineBytes()).isZero();
        sender.next(MSS);
        server.lab.run(new PciCommand.Enumerate(0));
        sender.pushes(MSS);
        assertThat(server.readAll(sender, MSS).offload().engineBytes()).isEqualTo(MSS);
    }

    /** Another client's channels are divided among fewer. */
    @Test
    void channelsThatGoAreDividedAnew() {
        Server server = fourProcessors(Personality.OLS2005).server();
        Sender.connected(server, 2);
        assertThat(server.lab.client("storage", 2).channels()).containsExactly("dma0chan3", "dma0chan2");
        assertThat(channelsOfReaders(server)).isEqualTo("0011");
    }
}
