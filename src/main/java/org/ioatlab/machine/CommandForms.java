package org.ioatlab.machine;

import java.util.Arrays;
import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.observe.ProfileEvent;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.jspecify.annotations.Nullable;

/** Commands with constants of the lower floors, made from the names that users write. */
public final class CommandForms {
    private CommandForms() {}

    /**
     * {@link MemoryCommand.AllocatePages}.
     *
     * @throws Refusal if there is no such zone
     */
    public static MemoryCommand.AllocatePages allocatePages(int count, String zone, Content content, int cpu) {
        return new MemoryCommand.AllocatePages(count, constant(ZoneKind.class, "zone", zone), content, cpu);
    }

    /**
     * {@link DmaCommand.InjectFault}.
     *
     * @throws Refusal if there is no such type
     */
    public static DmaCommand.InjectFault injectFault(String channel, String type, int afterDescriptors) {
        return new DmaCommand.InjectFault(channel, constant(FaultType.class, "type", type), afterDescriptors);
    }

    /**
     * {@link NicCommand.SetCapture}.
     *
     * @throws Refusal if there is no such direction
     */
    public static NicCommand.SetCapture setCapture(
            String nic,
            @Nullable Boolean enabled,
            @Nullable Integer snapLength,
            @Nullable String filter,
            @Nullable String direction) {
        CaptureDirection named = direction == null ? null : constant(CaptureDirection.class, "direction", direction);
        return new NicCommand.SetCapture(nic, enabled, snapLength, filter, named);
    }

    /**
     * {@link ObservationCommand.SetProfile}.
     *
     * @throws Refusal if there is no such event
     */
    public static ObservationCommand.SetProfile setProfile(@Nullable String event, @Nullable Long periodCycles) {
        ProfileEvent named = event == null ? null : constant(ProfileEvent.class, "event", event);
        return new ObservationCommand.SetProfile(named, periodCycles);
    }

    /**
     * {@link TrafficCommand.Start}.
     *
     * @throws Refusal if there is no such type or verification
     */
    public static TrafficCommand.Start startTraffic(
            String nic,
            String type,
            int streams,
            long bytes,
            long durationPs,
            int payloadBytes,
            int rateMbps,
            int port,
            boolean ipv6,
            long window,
            int writeBytes,
            int requestBytes,
            int responseBytes,
            int connections,
            int lossPpb,
            int duplicatePpb,
            int reorderPpb,
            int corruptPpb,
            long delayPs,
            long jitterPs,
            long seed,
            KernelSpec.TcpPersona persona,
            String verify) {
        return new TrafficCommand.Start(
                nic,
                constant(TrafficType.class, "type", type),
                streams,
                bytes,
                durationPs,
                payloadBytes,
                rateMbps,
                port,
                ipv6,
                window,
                writeBytes,
                requestBytes,
                responseBytes,
                connections,
                lossPpb,
                duplicatePpb,
                reorderPpb,
                corruptPpb,
                delayPs,
                jitterPs,
                seed,
                persona,
                constant(Verification.class, "verify", verify));
    }

    /**
     * {@link ProcessCommand.Start}.
     *
     * @throws Refusal if there is no such program or verification
     */
    public static ProcessCommand.Start startProcess(
            @Nullable String name,
            String program,
            @Nullable Integer port,
            int readBytes,
            List<String> readFlags,
            int backlog,
            int mostConnections,
            @Nullable Integer cpu,
            String verify,
            @Nullable Long durationPs,
            @Nullable Boolean pagedOut) {
        return new ProcessCommand.Start(
                name,
                constant(ProgramType.class, "program", program),
                port,
                readBytes,
                readFlags,
                backlog,
                mostConnections,
                cpu,
                constant(Verification.class, "verify", verify),
                durationPs,
                pagedOut);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String field, String name) {
        E[] constants = type.getEnumConstants();
        for (E constant : constants) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        List<String> allowed = Arrays.stream(constants).map(Enum::name).toList();
        String message = "must be one of " + String.join(", ", allowed);
        throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", field + " " + message + ", not " + name + ".")
                .with("field", field)
                .with("message", message)
                .with("allowed", allowed);
    }
}
