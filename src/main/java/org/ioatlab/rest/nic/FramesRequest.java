package org.ioatlab.rest.nic;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Frames, each with the time before it. */
public record FramesRequest(@NotNull @Size(min = 1) List<@Valid @NotNull Frame> frames) {
    /**
     * A frame, without preamble and frame check sequence.
     *
     * @param hex its bytes in hexadecimal digits; blanks and colons between them don't count
     * @param base64 its bytes, instead of hex
     * @param gap how long the link is idle before it; nothing without it
     */
    public record Frame(
            @Nullable String hex,
            byte @Nullable [] base64,
            @Nullable VirtualDuration gap) {
        private byte[] bytes(int index) {
            String field = "frames[" + index + "]";
            if ((hex == null) == (base64 == null)) {
                throw Problems.badValue(field, "must have exactly one of hex and base64");
            }
            if (base64 != null) {
                return base64;
            }
            try {
                return HexFormat.of().parseHex(String.valueOf(hex).replaceAll("[\\s:]", ""));
            } catch (IllegalArgumentException e) {
                throw Problems.badValue(field + ".hex", "must be hexadecimal digits, two a byte");
            }
        }
    }

    NicCommand.InjectFrames command(String nic, boolean captured) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int[] lengths = new int[frames.size()];
        long[] gaps = new long[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            Frame frame = frames.get(i);
            byte[] bytes = frame.bytes(i);
            all.writeBytes(bytes);
            lengths[i] = bytes.length;
            gaps[i] = frame.gap() == null ? 0 : frame.gap().picoseconds();
        }
        return new NicCommand.InjectFrames(nic, all.toByteArray(), lengths, gaps, captured);
    }
}
