package org.ioatlab.rest.wire;

import org.ioatlab.machine.WireCommand;
import org.ioatlab.rest.json.Fraction;
import org.ioatlab.rest.json.VirtualDuration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to packets on their way; what isn't given doesn't happen.
 *
 * @param nic the port; eth0 without it
 * @param loss the fraction that vanishes
 * @param duplicate the fraction that comes twice
 * @param reorder the fraction that others overtake
 * @param corrupt the fraction of which a bit flips
 * @param delay what every packet takes longer
 * @param jitter the most by which that varies
 * @param seed of the random numbers; 1 without it
 */
public record ImpairmentsRequest(
        @Nullable String nic,
        @Nullable Fraction loss,
        @Nullable Fraction duplicate,
        @Nullable Fraction reorder,
        @Nullable Fraction corrupt,
        @Nullable VirtualDuration delay,
        @Nullable VirtualDuration jitter,
        @Nullable Long seed) {
    WireCommand.SetImpairments command() {
        return new WireCommand.SetImpairments(
                nic == null ? "eth0" : nic,
                Fraction.ppbOf(loss),
                Fraction.ppbOf(duplicate),
                Fraction.ppbOf(reorder),
                Fraction.ppbOf(corrupt),
                delay == null ? 0 : delay.picoseconds(),
                jitter == null ? 0 : jitter.picoseconds(),
                seed == null ? 1 : seed);
    }
}
