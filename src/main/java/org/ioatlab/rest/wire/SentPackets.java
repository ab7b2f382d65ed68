package org.ioatlab.rest.wire;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.WireViews;

/** What a machine sends, gathered by looking for it several times a second. */
final class SentPackets {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int MOST_AT_ONCE = 1000;

    private final MachineHandle machine;
    private long last;

    /** @param last the number of the last packet that is known already */
    SentPackets(MachineHandle machine, long last) {
        this.machine = machine;
        this.last = last;
    }

    /** All packets that are kept, and then, if {@code follow}, those that come. */
    Multi<WireViews.Packet> stream(boolean follow) {
        Multi<WireViews.Packet> kept = Uni.createFrom()
                .completionStage(this::look)
                .repeat()
                .whilst(packets -> !packets.isEmpty())
                .onItem()
                .disjoint();
        return follow
                ? Multi.createBy()
                        .concatenating()
                        .streams(
                                kept,
                                Multi.createFrom()
                                        .ticks()
                                        .every(BETWEEN_LOOKS)
                                        .onOverflow()
                                        .drop()
                                        .onItem()
                                        .transformToUniAndConcatenate(
                                                tick -> Uni.createFrom().completionStage(this::look))
                                        .onItem()
                                        .disjoint())
                : kept;
    }

    /** The looks of one stream follow each other. */
    private CompletionStage<List<WireViews.Packet>> look() {
        return machine.look(faces -> faces.wire().packets(last, MOST_AT_ONCE)).thenApply(packets -> {
            if (!packets.isEmpty()) {
                last = packets.getLast().sequence();
            }
            return packets;
        });
    }
}
