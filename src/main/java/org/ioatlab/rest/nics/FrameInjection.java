package org.ioatlab.rest.nics;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.problem.Problems;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.MacAddress;
import org.ioatlab.wire.capture.CaptureFormatException;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.CaptureLimits;
import org.ioatlab.wire.capture.CaptureReader;
import org.ioatlab.wire.capture.EthernetFraming;
import org.jspecify.annotations.Nullable;

/** Frames of a request, made ready for a machine: one array of bytes, a length and a gap for each, and why some can't be sent. */
final class FrameInjection {
    private static final long PS_PER_NS = 1_000;

    private final byte[] bytes;
    private final int[] lengths;
    private final long[] gapsPs;
    private final boolean captured;
    private final Map<Integer, String> reasons = new LinkedHashMap<>();

    private FrameInjection(byte[] bytes, int[] lengths, long[] gapsPs, boolean captured) {
        this.bytes = bytes;
        this.lengths = lengths;
        this.gapsPs = gapsPs;
        this.captured = captured;
    }

    /** Frames written out in a request. */
    static FrameInjection of(List<FramesResource.Frame> frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int[] lengths = new int[frames.size()];
        long[] gapsPs = new long[frames.size()];
        for (int i = 0; i < lengths.length; i++) {
            byte[] frame = decode(frames.get(i), i);
            VirtualDuration gap = frames.get(i).gap();
            all.writeBytes(frame);
            lengths[i] = frame.length;
            gapsPs[i] = gap == null ? 0 : gap.picoseconds();
        }
        return new FrameInjection(all.toByteArray(), lengths, gapsPs, false);
    }

    /** Frames of a capture file; one that was cut short can't be sent. */
    static FrameInjection ofCapture(byte[] file, CaptureLimits limits, boolean captured) {
        CaptureFrames frames = read(file, limits);
        int[] lengths = new int[frames.count()];
        long[] gapsPs = new long[frames.count()];
        int total = 0;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = frames.isSnapped(i) ? 0 : EthernetFraming.length(frames, i);
            gapsPs[i] = captured && i > 0 ? Math.max(0, frames.timeNs(i) - frames.timeNs(i - 1)) * PS_PER_NS : 0;
            total += lengths[i];
        }
        FrameInjection injection = new FrameInjection(new byte[total], lengths, gapsPs, captured);
        injection.copy(frames);
        return injection;
    }

    /** The command that sends them; each with {@code destination} in front, or as it is when that is null. */
    NicCommand.InjectFrames command(String nic, @Nullable MacAddress destination) {
        if (destination != null) {
            rewrite(destination);
        }
        return new NicCommand.InjectFrames(nic, bytes, lengths, gapsPs, captured);
    }

    /** The machine's answer with the reasons that only the request knows. */
    NicViews.Injected explain(NicViews.Injected injected) {
        return new NicViews.Injected(
                injected.accepted(),
                injected.rejected().stream()
                        .map(frame -> new NicViews.Rejected(
                                frame.index(), reasons.getOrDefault(frame.index(), frame.reason())))
                        .toList());
    }

    private void copy(CaptureFrames frames) {
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == 0) {
                reasons.put(
                        i,
                        frames.isSnapped(i)
                                ? "cut short by the capture: " + frames.capturedLength(i) + " of "
                                        + frames.originalLength(i) + " bytes"
                                : "empty");
            } else {
                at += EthernetFraming.copy(
                        frames,
                        i,
                        bytes,
                        at,
                        0,
                        MacAddress.parse("02:00:00:00:00:ff").bits());
            }
        }
    }

    private void rewrite(MacAddress destination) {
        byte[] address = new byte[Ethernet.ADDRESS_LENGTH];
        for (int i = 0; i < address.length; i++) {
            address[i] = (byte) (destination.bits() >>> (Byte.SIZE * (address.length - 1 - i)));
        }
        int at = 0;
        for (int length : lengths) {
            System.arraycopy(address, 0, bytes, at, Math.min(address.length, length));
            at += length;
        }
    }

    private static byte[] decode(FramesResource.Frame frame, int index) {
        String hex = frame.hex();
        String base64 = frame.base64();
        if ((hex == null) == (base64 == null)) {
            throw Problems.badValue("frames[" + index + "]", "must have either hex or base64");
        }
        try {
            return hex == null
                    ? Base64.getDecoder().decode(base64)
                    : HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw hex == null
                    ? Problems.badValue("frames[" + index + "].base64", "is not base64")
                    : Problems.badValue("frames[" + index + "].hex", "must be an even number of hexadecimal digits");
        }
    }

    private static CaptureFrames read(byte[] file, CaptureLimits limits) {
        try {
            return CaptureReader.read(file, limits);
        } catch (CaptureFormatException e) {
            throw Problems.builder(status(e.kind()), "bad-capture", e.getMessage() + ".")
                    .with("kind", e.kind().name())
                    .with("position", e.position())
                    .build();
        }
    }

    private static int status(CaptureFormatException.Kind kind) {
        return switch (kind) {
            case NOT_A_CAPTURE, TRUNCATED, BAD_BLOCK, UNKNOWN_INTERFACE -> 400;
            case UNSUPPORTED_VERSION, UNSUPPORTED_LINK_TYPE -> 422;
            case TOO_MANY_FRAMES, TOO_LARGE -> 413;
        };
    }
}
