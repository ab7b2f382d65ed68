package org.ioatlab.machine;

import java.util.List;
import java.util.Locale;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.kernel.dmaengine.IoatDriver;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;
import org.ioatlab.kernel.net.NetRxAction;
import org.ioatlab.kernel.net.Softnet;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.Processors;

/** Counters and structures as text, in the forms in which the kernel's {@code /proc} prints them. */
public final class ProcText {
    /** The files that there are. */
    public static final List<String> NAMES = List.of(
            "interrupts",
            "softirqs",
            "stat",
            "loadavg",
            "buddyinfo",
            "slabinfo",
            "cpuinfo",
            "kmsg",
            "net/softnet_stat",
            "net/snmp",
            "net/snmp6",
            "net/arp",
            "net/tcp",
            "net/tcp6",
            "net/netstat",
            "net/sockstat");

    private final Processors processors;
    private final ProcSched sched;
    private final KernelMemory memory;
    private final NetRxAction receive;
    private final IpLayer ip;
    private final ProcTcp tcp;
    private final IoatDriver ioat;

    ProcText(
            Processors processors,
            CrossCall crossCall,
            KernelMemory memory,
            NetRxAction receive,
            IpLayer ip,
            SocketLayer sockets,
            IoatDriver ioat) {
        this.processors = processors;
        sched = new ProcSched(processors, crossCall);
        this.memory = memory;
        this.receive = receive;
        this.ip = ip;
        tcp = new ProcTcp(sockets, processors.loop());
        this.ioat = ioat;
    }

    /**
     * The text of one of {@link #NAMES}.
     *
     * @throws Refusal if there is no such file
     */
    public String read(String name) {
        return switch (name) {
            case "interrupts" -> sched.interrupts();
            case "softirqs" -> sched.softirqs();
            case "stat" -> sched.stat();
            case "loadavg" -> sched.loadavg();
            case "buddyinfo" -> buddyinfo();
            case "slabinfo" -> slabinfo();
            case "cpuinfo" -> cpuinfo();
            case "kmsg" -> String.join("\n", ioat.log()) + "\n";
            case "net/softnet_stat" -> softnetStat();
            case "net/snmp" -> ip.snmpText(tcp.snmpLines());
            case "net/snmp6" -> ip.snmp6Text();
            case "net/arp" -> ip.neighbours().arpText();
            case "net/tcp" -> tcp.table(false);
            case "net/tcp6" -> tcp.table(true);
            case "net/netstat" -> tcp.netstat();
            case "net/sockstat" -> tcp.sockstat();
            default -> throw Refusal.unknown("proc-file", name).with("allowed", NAMES);
        };
    }

    private String buddyinfo() {
        StringBuilder text = new StringBuilder();
        for (ZoneState zone : memory.pages().zones()) {
            text.append("Node 0, zone %8s ".formatted(zone.kind().kernelName()));
            for (int blocks : zone.freeBlocks()) {
                text.append("%6d ".formatted(blocks));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private String slabinfo() {
        StringBuilder text = new StringBuilder("slabinfo - version: 2.1\n"
                + "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
                + " : slabdata <active_slabs> <num_slabs>\n");
        for (SlabCacheState cache : memory.slabCaches()) {
            text.append("%-17s %6d %6d %6d %4d %4d : slabdata %6d %6d\n"
                    .formatted(
                            cache.name(),
                            cache.activeObjects(),
                            cache.objects(),
                            cache.objectBytes(),
                            cache.objectsPerSlab(),
                            cache.pagesPerSlab(),
                            cache.activeSlabs(),
                            cache.slabs()));
        }
        return text.toString();
    }

    private String cpuinfo() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < processors.count(); i++) {
            Cpu cpu = processors.get(i).cpu();
            text.append(
                    "processor\t: %d\nvendor_id\t: GenuineIntel\ncpu MHz\t\t: %d.000\nphysical id\t: %d\ncore id\t\t: %d\n\n"
                            .formatted(i, cpu.frequency().megahertz(), cpu.socket(), cpu.core()));
        }
        return text.toString();
    }

    /** Nine columns of eight hexadecimal digits: processed, dropped, time squeezed, five unused, cpu collision. */
    private String softnetStat() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < processors.count(); i++) {
            Softnet softnet = receive.softnet(i);
            text.append(String.format(Locale.ROOT, "%08x %08x %08x", softnet.processed(), 0, softnet.timeSqueeze()));
            text.append(" 00000000".repeat(6)).append('\n');
        }
        return text.toString();
    }
}
