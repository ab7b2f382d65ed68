package org.ioatlab.machine;

import org.ioatlab.hardware.dma.EngineRegisters;
import org.ioatlab.kernel.dmaengine.DmaClient;
import org.ioatlab.kernel.dmaengine.DmaStatus;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.sched.Processor;

/** A function of the DMA subsystem that runs in one slice. */
final class DmaCall extends KernelCall<Object> {
    private final DmaFace face;
    private final DmaCommand<?> command;

    DmaCall(DmaFace face, DmaCommand<?> command, Processor processor) {
        super(command.getClass().getSimpleName(), processor);
        this.face = face;
        this.command = command;
    }

    @Override
    protected Next resume() {
        try {
            return answer(run());
        } catch (Refusal changedMeanwhile) {
            return refuse(changedMeanwhile);
        }
    }

    @Override
    protected Object finish(Object result) {
        return switch (result) {
            case Done _ -> Machine.done(processor().loop());
            case DmaViews.Cookie c -> cookieAtReturn(c);
            case DmaViews.Channel c -> channelAtReturn(c);
            case DmaViews.Register r
            when command instanceof DmaCommand.WriteRegister ->
                face.registerView().view(r.name());
            default -> result;
        };
    }

    /** The channel as it stands now; as it stood when its engine has been pulled out meanwhile. */
    private DmaViews.Channel channelAtReturn(DmaViews.Channel before) {
        return face.subsystem.channel(before.id()) == null ? before : face.view(face.find(before.id()));
    }

    private Object run() {
        return switch (command) {
            case DmaCommand.RegisterClient c ->
                face.register(c.name(), processor()).view();
            case DmaCommand.UnregisterClient c -> unregister(c);
            case DmaCommand.RequestChannels c -> request(c);
            case DmaCommand.CompleteCookie c -> complete(c);
            case DmaCommand.IssuePending c -> issuePending(c);
            case DmaCommand.ControlChannel c -> control(c);
            case DmaCommand.ReadRegister c -> face.registerView().read(c.register(), processor());
            case DmaCommand.WriteRegister c -> face.registerView().write(c.register(), c.value(), processor());
            default -> throw new IllegalStateException("not a one-slice call: " + command);
        };
    }

    private Done unregister(DmaCommand.UnregisterClient c) {
        ClientLog client = face.findClient(c.client());
        face.forget(client);
        face.subsystem.unregister(client.client(), processor());
        return Machine.done(processor().loop());
    }

    private DmaViews.ChannelRequest request(DmaCommand.RequestChannels c) {
        ClientLog log = face.findClient(c.client());
        DmaClient client = log.client();
        face.subsystem.requestChannels(client, c.number(), processor());
        DmaViews.Client now = log.view();
        return new DmaViews.ChannelRequest(now.desired(), now.channels(), now.pending());
    }

    private DmaViews.Cookie complete(DmaCommand.CompleteCookie c) {
        face.requireIssued(c.channel(), c.cookie());
        IoatChannel channel = face.find(c.channel());
        long before = processor().cpu().cursorCycles();
        DmaStatus status = channel.complete(c.cookie(), processor());
        return face.cookieView(
                channel, c.cookie(), status, null, null, processor().cpu().cursorCycles() - before);
    }

    private DmaViews.Cookie cookieAtReturn(DmaViews.Cookie c) {
        return new DmaViews.Cookie(
                c.cookie(),
                c.status(),
                c.lastCompletedCookie(),
                c.lastUsedCookie(),
                c.waitedNs(),
                c.timedOut(),
                c.cycles(),
                Machine.done(processor().loop()).nowNs());
    }

    private DmaViews.Channel issuePending(DmaCommand.IssuePending c) {
        IoatChannel channel = face.findOwned(c.channel());
        channel.issuePending(processor());
        return face.view(channel);
    }

    private DmaViews.Channel control(DmaCommand.ControlChannel c) {
        IoatChannel channel = face.findOwned(c.channel());
        channel.control(
                switch (c.control()) {
                    case SUSPEND -> EngineRegisters.CHANCMD_SUSPEND;
                    case RESUME -> EngineRegisters.CHANCMD_RESUME;
                    case ABORT -> EngineRegisters.CHANCMD_ABORT;
                    case RESET -> EngineRegisters.CHANCMD_RESET;
                },
                processor());
        return face.view(channel);
    }
}
