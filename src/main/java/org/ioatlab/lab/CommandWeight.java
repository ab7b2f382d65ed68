package org.ioatlab.lab;

import java.util.List;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.CpuCommand;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.PacketdrillCommand;
import org.ioatlab.machine.TrafficCommand;
import org.ioatlab.machine.WireCommand;
import org.jspecify.annotations.Nullable;

/** What a command costs the host: its place in the journal, and the memory that the machine may come to need by it. */
final class CommandWeight {
    /** A journal row that holds no command: its columns and a small record. */
    static final long MARKER_BYTES = 64;

    private static final long COMMAND_BYTES = 96;
    private static final long COPY_BYTES = 80;
    private static final long PAGE_BYTES = 4096;

    private CommandWeight() {}

    /** Bytes of the host's memory that a journal entry of this command takes, by estimate. */
    static long bytes(Command<?> command) {
        return COMMAND_BYTES
                + switch (command) {
                    case MemoryCommand.AllocateBuffer c -> contentBytes(c.content());
                    case MemoryCommand.AllocatePages c -> contentBytes(c.content());
                    case MemoryCommand.WriteBuffer c -> c.bytes().length;
                    case MemoryCommand.WritePage c -> c.bytes().length;
                    case CpuCommand.CallOthers c -> maskBytes(c.cpuMask());
                    case DmaCommand.SubmitCopies c -> c.copies().size() * COPY_BYTES;
                    case NicCommand.InjectFrames c ->
                        c.bytes().length + (long) c.lengths().length * (Integer.BYTES + Long.BYTES);
                    case PacketdrillCommand.Run c -> c.script().length();
                    case WireCommand.InjectPackets c ->
                        c.bytes().length + (long) c.lengths().length * (Integer.BYTES + Long.BYTES);
                    case TrafficCommand.Replay c -> c.capture().length;
                    default -> 0;
                };
    }

    /** Bytes by which the host memory behind a machine's pages may grow; 0 for commands that touch what exists. */
    static long growth(Command<?> command) {
        return switch (command) {
            case MemoryCommand.AllocateBuffer c -> c.size();
            case MemoryCommand.AllocatePages c -> c.count() * PAGE_BYTES;
            case MemoryCommand.WriteBuffer c -> c.bytes().length;
            case MemoryCommand.WritePage c -> c.bytes().length;
            case NicCommand.InjectFrames c -> c.bytes().length;
            case WireCommand.InjectPackets c -> c.bytes().length;
            case TrafficCommand.Replay c -> c.capture().length;
            case DmaCommand.SubmitCopies _ -> 1;
            case DmaCommand.SelfTest c -> c.testBufSize();
            default -> 0;
        };
    }

    private static long maskBytes(@Nullable List<Integer> numbers) {
        return numbers == null ? 0 : numbers.size() * (long) Integer.BYTES;
    }

    private static long contentBytes(Content content) {
        byte[] bytes = content.bytes();
        return bytes == null ? 0 : bytes.length;
    }
}
