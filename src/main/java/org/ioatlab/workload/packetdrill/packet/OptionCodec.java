package org.ioatlab.workload.packetdrill.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.TcpOptions;
import org.ioatlab.workload.packetdrill.script.TcpOption;
import org.ioatlab.workload.packetdrill.script.Transport;

/** TCP options from scripts to bytes and back; numbers in them are those of one conversation. */
final class OptionCodec {
    private static final int MD5 = 19;
    private static final int FAST_OPEN = 34;
    private static final int EXPERIMENTAL = 254;

    /** The magic number of fast open's experimental kind (RFC 7413, appendix B). */
    private static final int FAST_OPEN_MAGIC = 0xf989;

    private final Conversation conversation;
    private final boolean syn;
    private final boolean acknowledges;
    private final boolean interpolate;
    private final byte[] bytes = new byte[Tcp.MAX_HEADER_LENGTH - Tcp.MIN_HEADER_LENGTH + 4];
    private int at;

    OptionCodec(Conversation conversation, boolean syn, boolean acknowledges, boolean interpolate) {
        this.conversation = conversation;
        this.syn = syn;
        this.acknowledges = acknowledges;
        this.interpolate = interpolate;
    }

    /** The options' bytes, with end-of-list up to a whole word. */
    byte[] write(Transport.Options options) throws Untranslatable {
        for (TcpOption option : options.list()) {
            write(option);
        }
        return Arrays.copyOf(bytes, at + 3 & ~3);
    }

    private void write(TcpOption option) throws Untranslatable {
        switch (option) {
            case TcpOption.Nop _ -> put8(TcpOptions.NO_OPERATION);
            case TcpOption.Eol _ -> put8(TcpOptions.END);
            case TcpOption.SackPermitted _ -> begin(TcpOptions.SACK_PERMITTED, option);
            case TcpOption.Mss mss -> {
                begin(TcpOptions.MAXIMUM_SEGMENT_SIZE, option);
                put16(mss.bytes());
            }
            case TcpOption.WindowScale scale -> {
                begin(TcpOptions.WINDOW_SCALE, option);
                put8(scale.shift());
            }
            case TcpOption.Sack sack -> {
                begin(TcpOptions.SACK, option);
                for (TcpOption.Block block : sack.blocks()) {
                    put32((int) block.left() + conversation.localOffset(syn));
                    put32((int) block.right() + conversation.localOffset(syn));
                }
            }
            case TcpOption.Timestamps timestamps -> {
                begin(TcpOptions.TIMESTAMPS, option);
                put32((int) timestamps.value());
                put32((int) echo(timestamps));
            }
            case TcpOption.Md5 md5 -> {
                begin(MD5, option);
                hex(md5.digest());
            }
            case TcpOption.FastOpen open -> fastOpen(open);
            case TcpOption.Unknown unknown -> {
                begin(unknown.kind(), option);
                hex(unknown.data());
            }
        }
    }

    private void fastOpen(TcpOption.FastOpen open) {
        begin(open.experimental() ? EXPERIMENTAL : FAST_OPEN, open);
        if (open.experimental()) {
            put16(FAST_OPEN_MAGIC);
        }
        hex(open.cookie());
    }

    /** What the machine sent where the script says so; only segments that acknowledge echo anything (RFC 7323, 3.2). */
    private long echo(TcpOption.Timestamps timestamps) throws Untranslatable {
        if (!acknowledges || timestamps.absoluteEcho()) {
            return timestamps.echo();
        }
        long live = conversation.liveTimestamp(timestamps.echo(), interpolate);
        if (live < 0 && timestamps.echo() != 0) {
            throw new Untranslatable("the machine has sent no timestamp that the script calls " + timestamps.echo());
        }
        return Math.max(0, live);
    }

    private void begin(int kind, TcpOption option) {
        put8(kind);
        put8(option.length());
    }

    private void put8(int value) {
        BigEndian.put8(bytes, at, value);
        at += 1;
    }

    private void put16(int value) {
        BigEndian.put16(bytes, at, value);
        at += 2;
    }

    private void put32(int value) {
        BigEndian.put32(bytes, at, value);
        at += 4;
    }

    private void hex(String digits) {
        byte[] data = HexFormat.of().parseHex(digits);
        System.arraycopy(data, 0, bytes, at, data.length);
        at += data.length;
    }

    /** The options of a sent segment; its SACK blocks in the script's numbers, its timestamps as they are. */
    List<TcpOption> read(LivePacket packet) {
        List<TcpOption> options = new ArrayList<>();
        byte[] header = packet.bytes();
        int position = packet.optionsStart();
        int end = packet.optionsEnd();
        while (position < end) {
            int kind = BigEndian.u8(header, position);
            if (kind == TcpOptions.END || kind == TcpOptions.NO_OPERATION) {
                options.add(kind == TcpOptions.END ? new TcpOption.Eol() : new TcpOption.Nop());
                position++;
                continue;
            }
            int length = position + 1 < end ? BigEndian.u8(header, position + 1) : 0;
            if (length < 2 || position + length > end) {
                options.add(new TcpOption.Unknown(kind, ""));
                return options;
            }
            options.add(read(header, position, kind, length));
            position += length;
        }
        return options;
    }

    private TcpOption read(byte[] header, int position, int kind, int length) {
        int data = position + 2;
        if (kind == TcpOptions.MAXIMUM_SEGMENT_SIZE && length == 4) {
            return new TcpOption.Mss(BigEndian.u16(header, data));
        }
        if (kind == TcpOptions.WINDOW_SCALE && length == 3) {
            return new TcpOption.WindowScale(BigEndian.u8(header, data));
        }
        if (kind == TcpOptions.SACK_PERMITTED && length == 2) {
            return new TcpOption.SackPermitted();
        }
        if (kind == TcpOptions.TIMESTAMPS && length == 10) {
            return new TcpOption.Timestamps(BigEndian.u32(header, data), false, BigEndian.u32(header, data + 4), false);
        }
        if (kind == TcpOptions.SACK && length % 8 == 2 && length > 2) {
            return sack(header, data, length);
        }
        String digits = HexFormat.of().formatHex(header, data, position + length);
        if (kind == MD5 && length == 18) {
            return new TcpOption.Md5(digits);
        }
        if (kind == FAST_OPEN) {
            return new TcpOption.FastOpen(digits, false);
        }
        boolean magic = kind == EXPERIMENTAL && length >= 4 && BigEndian.u16(header, data) == FAST_OPEN_MAGIC;
        return magic ? new TcpOption.FastOpen(digits.substring(4), true) : new TcpOption.Unknown(kind, digits);
    }

    private TcpOption sack(byte[] header, int data, int length) {
        List<TcpOption.Block> blocks = new ArrayList<>();
        int offset = conversation.remoteOffset(syn);
        for (int position = data; position < data + length - 2; position += 8) {
            blocks.add(new TcpOption.Block(
                    BigEndian.i32(header, position) - offset & 0xffff_ffffL,
                    BigEndian.i32(header, position + 4) - offset & 0xffff_ffffL));
        }
        return new TcpOption.Sack(blocks);
    }
}
