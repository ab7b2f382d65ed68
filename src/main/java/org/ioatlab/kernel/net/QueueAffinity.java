package org.ioatlab.kernel.net;

import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.kernel.sched.Processors;

/**
 * Which processors poll a port's queues: one queue on a single processor, and no two threads of one core as long as there are cores enough
 * (OLS 2005 paper, section 3).
 */
final class QueueAffinity {
    private QueueAffinity() {}

    /** The processor of each queue, by the user's list or by the rule. */
    static int[] choose(Processors processors, NicSettings settings) {
        if (processors.count() == 1) {
            return new int[1];
        }
        if (!settings.queueCpus().isEmpty()) {
            return settings.queueCpus().stream().mapToInt(Integer::intValue).toArray();
        }
        int[] chosen = new int[settings.receiveQueues()];
        int cores = coresFirst(processors, chosen);
        for (int queue = cores; queue < chosen.length; queue++) {
            chosen[queue] = chosen[queue % cores];
        }
        return chosen;
    }

    /** Fills in one thread of each core, then the other threads; answers how many processors that were. */
    private static int coresFirst(Processors processors, int[] chosen) {
        int count = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int cpu = 0; cpu < processors.count() && count < chosen.length; cpu++) {
                boolean siblingChosen = hasChosenSibling(processors, cpu, chosen, count);
                if (!contains(chosen, count, cpu) && siblingChosen == (pass == 1)) {
                    chosen[count++] = cpu;
                }
            }
        }
        return count;
    }

    private static boolean hasChosenSibling(Processors processors, int cpu, int[] chosen, int count) {
        Cpu candidate = processors.get(cpu).cpu();
        for (int i = 0; i < count; i++) {
            if (processors.get(chosen[i]).cpu().isSiblingOf(candidate)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(int[] chosen, int count, int cpu) {
        for (int i = 0; i < count; i++) {
            if (chosen[i] == cpu) {
                return true;
            }
        }
        return false;
    }
}
