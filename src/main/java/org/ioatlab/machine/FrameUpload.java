package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.MacAddress;
import org.ioatlab.wire.capture.CaptureFormatException;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.CaptureLimits;
import org.ioatlab.wire.capture.CaptureReader;
import org.ioatlab.wire.capture.EthernetFraming;

/**
 * Frames on their way from a capture file to a port.
 *
 * @param command puts the usable frames on the wire
 * @param indexes of those frames in the file
 * @param rejected frames of the file that can't be sent again
 */
public record FrameUpload(NicCommand.InjectFrames command, List<Integer> indexes, List<NicViews.Rejected> rejected) {
    /** Where bare IP packets seem to come from. */
    private static final long GATEWAY_MAC = 0x0200_0000_00feL;

    private static final long LONGEST_NS = 100L * 24 * 60 * 60 * 1_000_000_000;

    /**
     * Reads a capture file.
     *
     * @param nic where the frames go
     * @param mac the port's address, for frames that have none
     * @param rewrite whether it becomes the destination of all frames
     * @param captured whether frames keep the distances of the file, or follow each other
     * @throws Refusal if the file isn't a capture or is broken (MALFORMED), has other frames (MEANINGLESS), or is too large (LIMIT)
     */
    public static FrameUpload of(
            String nic, byte[] file, int mostFrames, String mac, boolean rewrite, boolean captured) {
        try {
            CaptureFrames frames = CaptureReader.read(file, new CaptureLimits(mostFrames, file.length));
            return of(nic, frames, mac, rewrite, captured);
        } catch (CaptureFormatException e) {
            throw refusal(e);
        }
    }

    /** Why a capture file can't be used. */
    static Refusal refusal(CaptureFormatException e) {
        return new Refusal(kind(e.kind()), type(e.kind()), "The capture can't be used: " + e.getMessage() + ".")
                .with("position", e.position());
    }

    /** What came of it, by the indexes of the file. */
    public NicViews.Injected answer(NicViews.Injected injected) {
        List<NicViews.Rejected> all = new ArrayList<>(rejected);
        for (NicViews.Rejected one : injected.rejected()) {
            all.add(new NicViews.Rejected(indexes.get(one.index()), one.reason()));
        }
        all.sort((a, b) -> Integer.compare(a.index(), b.index()));
        return new NicViews.Injected(injected.accepted(), all);
    }

    /** Puts a port's address in as the destination of all frames that are long enough to have one. */
    public static void rewrite(byte[] frames, int[] lengths, String mac) {
        long address = MacAddress.parse(mac).bits();
        int offset = 0;
        for (int length : lengths) {
            if (length >= Ethernet.HEADER_LENGTH) {
                Ethernet.setDestination(frames, offset, address);
            }
            offset += length;
        }
    }

    private static FrameUpload of(String nic, CaptureFrames frames, String mac, boolean rewrite, boolean captured) {
        List<NicViews.Rejected> rejected = new ArrayList<>();
        List<Integer> indexes = usable(frames, rejected);
        int[] lengths = new int[indexes.size()];
        byte[] bytes = copy(frames, indexes, lengths, MacAddress.parse(mac).bits());
        if (rewrite) {
            rewrite(bytes, lengths, mac);
        }
        long[] gaps = captured ? distances(frames, indexes) : new long[lengths.length];
        return new FrameUpload(new NicCommand.InjectFrames(nic, bytes, lengths, gaps, captured), indexes, rejected);
    }

    private static List<Integer> usable(CaptureFrames frames, List<NicViews.Rejected> rejected) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < frames.count(); i++) {
            if (frames.isSnapped(i)) {
                rejected.add(new NicViews.Rejected(
                        i, "captured only " + frames.capturedLength(i) + " of " + frames.originalLength(i) + " bytes"));
            } else {
                indexes.add(i);
            }
        }
        return indexes;
    }

    private static byte[] copy(CaptureFrames frames, List<Integer> indexes, int[] lengths, long mac) {
        int total = 0;
        for (int k = 0; k < lengths.length; k++) {
            lengths[k] = EthernetFraming.length(frames, indexes.get(k));
            total = Math.addExact(total, lengths[k]);
        }
        byte[] bytes = new byte[total];
        int offset = 0;
        for (int index : indexes) {
            offset += EthernetFraming.copy(frames, index, bytes, offset, mac, GATEWAY_MAC);
        }
        return bytes;
    }

    /** From each frame's start to the next one's; a frame that was captured before its predecessor follows at once. */
    private static long[] distances(CaptureFrames frames, List<Integer> indexes) {
        long[] gaps = new long[indexes.size()];
        for (int k = 1; k < gaps.length; k++) {
            long ns = frames.timeNs(indexes.get(k)) - frames.timeNs(indexes.get(k - 1));
            if (ns > LONGEST_NS) {
                throw Refusal.meaningless(
                        "capture-too-long",
                        "Frame " + indexes.get(k) + " was captured more than 100 days after the one before.");
            }
            gaps[k] = Math.max(0, ns) * Picoseconds.PER_NANOSECOND;
        }
        return gaps;
    }

    private static Refusal.Kind kind(CaptureFormatException.Kind kind) {
        return switch (kind) {
            case NOT_A_CAPTURE, TRUNCATED, BAD_BLOCK, UNKNOWN_INTERFACE -> Refusal.Kind.MALFORMED;
            case TOO_MANY_FRAMES, TOO_LARGE -> Refusal.Kind.LIMIT;
            default -> Refusal.Kind.MEANINGLESS;
        };
    }

    private static String type(CaptureFormatException.Kind kind) {
        return switch (kind) {
            case NOT_A_CAPTURE -> "not-a-capture";
            case UNSUPPORTED_VERSION -> "capture-version";
            case UNSUPPORTED_LINK_TYPE -> "capture-link-type";
            case TRUNCATED -> "capture-truncated";
            case BAD_BLOCK, UNKNOWN_INTERFACE -> "capture-broken";
            case TOO_MANY_FRAMES -> "too-many-frames";
            case TOO_LARGE -> "body-too-large";
        };
    }
}
