package org.ioatlab.observe;

import java.io.IOException;
import java.io.OutputStream;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.capture.CaptureFilter;
import org.ioatlab.wire.capture.CaptureSink;
import org.ioatlab.wire.capture.Direction;
import org.ioatlab.wire.capture.LinkType;
import org.ioatlab.wire.capture.PcapngWriter;
import org.jspecify.annotations.Nullable;

/**
 * What went over one port's wire, as a pcapng file in memory; whether the port took a frame makes no difference. Off until switched on;
 * times are the machine's, in nanoseconds since it was made. Nothing of it is part of a machine's state.
 */
public final class PacketCapture {
    /** The file's largest size unless told otherwise. */
    public static final int DEFAULT_LIMIT_BYTES = 16 * 1024 * 1024;

    /** The smallest limit: an empty file must fit. */
    public static final int LEAST_LIMIT_BYTES = 1024;

    /** Most bytes kept of a frame, and the default. */
    public static final int LARGEST_SNAP_LENGTH = 262_144;

    private final String interfaceName;
    private final FrameLayout layout = new FrameLayout();
    private int limitBytes = DEFAULT_LIMIT_BYTES;
    private boolean enabled;
    private int snapLength = LARGEST_SNAP_LENGTH;
    private @Nullable CaptureFilter filter;
    private CaptureDirection direction = CaptureDirection.RX;
    private @Nullable CaptureSink sink;
    private @Nullable PcapngWriter writer;
    private int interfaceNumber;
    private long packets;
    private long bytes;

    /** @param interfaceName as the file names the port */
    public PacketCapture(String interfaceName) {
        this.interfaceName = interfaceName;
    }

    /** Whether frames are kept. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Most bytes kept of a frame. */
    public int snapLength() {
        return snapLength;
    }

    /** Which frames are kept; null for all. */
    public @Nullable CaptureFilter filter() {
        return filter;
    }

    /** Which direction is kept. */
    public CaptureDirection direction() {
        return direction;
    }

    /** The file's largest size. */
    public int limitBytes() {
        return limitBytes;
    }

    /**
     * Sets the largest size of files that begin from now on.
     *
     * @param most at least {@link #LEAST_LIMIT_BYTES}
     */
    public void setLimitBytes(int most) {
        if (most < LEAST_LIMIT_BYTES) {
            throw new IllegalArgumentException("limitBytes must be at least " + LEAST_LIMIT_BYTES);
        }
        limitBytes = most;
    }

    /**
     * Sets what is kept. Switching on begins a new file; switching off leaves it to be read.
     *
     * @param most bytes kept of a frame, 1 to {@link #LARGEST_SNAP_LENGTH}
     * @param chosen which frames are kept; null for all
     */
    public void configure(boolean on, int most, @Nullable CaptureFilter chosen, CaptureDirection way) {
        if (most < 1 || most > LARGEST_SNAP_LENGTH) {
            throw new IllegalArgumentException("snapLength must be from 1 to " + LARGEST_SNAP_LENGTH);
        }
        boolean begins = on && !enabled;
        boolean cutsElsewhere = most != snapLength;
        enabled = on;
        snapLength = most;
        filter = chosen;
        direction = way;
        if (begins) {
            begin();
        } else if (on && cutsElsewhere && writer != null && sink != null && sink.room() >= LEAST_LIMIT_BYTES) {
            interfaceNumber = describe(writer);
        }
    }

    /** A frame reached the port. */
    public void received(long atPs, byte[] frame, int offset, int length) {
        if (enabled && direction != CaptureDirection.TX) {
            keep(atPs, frame, offset, length, Direction.INBOUND);
        }
    }

    /** The port sent a frame. */
    public void sent(long atPs, byte[] frame, int offset, int length) {
        if (enabled && direction != CaptureDirection.RX) {
            keep(atPs, frame, offset, length, Direction.OUTBOUND);
        }
    }

    /** Frames in the file. */
    public long packets() {
        return packets;
    }

    /** Their bytes as far as they were kept. */
    public long bytes() {
        return bytes;
    }

    /** Frames that the file had no room for. */
    public long dropped() {
        return writer == null ? 0 : writer.droppedFrames();
    }

    /** Writes the file, which is a whole one at any time. */
    public void writeTo(OutputStream stream) throws IOException {
        file().writeTo(stream);
    }

    /** A copy of the file, which is a whole one at any time. */
    public byte[] toByteArray() {
        return file().toByteArray();
    }

    private CaptureSink file() {
        CaptureSink file = sink;
        return file == null ? begin() : file;
    }

    private CaptureSink begin() {
        CaptureSink file = new CaptureSink(limitBytes);
        PcapngWriter fresh = new PcapngWriter(file);
        sink = file;
        writer = fresh;
        packets = 0;
        bytes = 0;
        interfaceNumber = describe(fresh);
        return file;
    }

    private int describe(PcapngWriter to) {
        return to.addInterface(interfaceName, LinkType.ETHERNET, snapLength);
    }

    private void keep(long atPs, byte[] frame, int offset, int length, Direction way) {
        if (writer == null || !isChosen(frame, offset, length)) {
            return;
        }
        if (writer.frame(interfaceNumber, Picoseconds.toNanoseconds(atPs), frame, offset, length, way)) {
            packets++;
            bytes += Math.min(length, snapLength);
        }
    }

    private boolean isChosen(byte[] frame, int offset, int length) {
        if (filter == null) {
            return true;
        }
        layout.parse(frame, offset, length);
        return filter.matches(frame, layout);
    }
}
