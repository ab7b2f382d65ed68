package org.ioatlab.rest.wire;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.machine.WireCommand;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * IP packets for a machine.
 *
 * @param packets in the order of being sent
 * @param nic the port; without it the one whose address is the first packet's destination, or else eth0
 */
public record PacketsRequest(
        @NotNull @Size(min = 1) List<@Valid @NotNull Packet> packets,
        @Nullable String nic) {
    /**
     * A packet from its IP header on.
     *
     * @param hex its bytes in hexadecimal digits; blanks and colons between them don't count
     * @param at the instant of the machine's clock before which it doesn't start; as soon as can be without it
     */
    public record Packet(@NotNull String hex, @Nullable VirtualDuration at) {
        private byte[] bytes(int index) {
            try {
                return HexFormat.of().parseHex(hex.replaceAll("[\\s:]", ""));
            } catch (IllegalArgumentException e) {
                throw Problems.badValue("packets[" + index + "].hex", "must be hexadecimal digits, two a byte");
            }
        }
    }

    WireCommand.InjectPackets command() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int[] lengths = new int[packets.size()];
        long[] times = new long[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            Packet packet = packets.get(i);
            byte[] bytes = packet.bytes(i);
            VirtualDuration at = packet.at();
            all.writeBytes(bytes);
            lengths[i] = bytes.length;
            times[i] = at == null ? -1 : at.picoseconds();
        }
        return new WireCommand.InjectPackets(nic == null ? "" : nic, all.toByteArray(), lengths, times);
    }
}
