package org.ioatlab.kernel.sched;

/** The thread {@code ksoftirqd/N}: does softirqs in process context, after all other tasks, when they would leave these no time. */
final class Ksoftirqd extends Task {
    private static final int NICE = 19;

    private final Softirqs softirqs;

    Ksoftirqd(Processor processor, Softirqs softirqs) {
        super("ksoftirqd/" + processor.cpu().id(), processor);
        this.softirqs = softirqs;
        setAffinity(CpuMask.of(processor.cpu().id()));
    }

    @Override
    protected Next resume() {
        if (softirqs.isPending()) {
            softirqs.enterDaemon();
            softirqs.runItem(processor());
        }
        return softirqs.isPending() ? Next.CONTINUE : Next.SLEEP;
    }

    @Override
    protected Processor.Account account() {
        return Processor.Account.SOFTIRQ;
    }

    @Override
    protected int nice() {
        return NICE;
    }
}
