package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.dma.EngineRegisters;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;

/**
 * The copy engines' registers by name: {@code CHANCNT} or {@code chan0.CHANSTS} of the first engine on the bus; those of others with the
 * engine's PCI address and a slash in front.
 */
final class EngineRegisterView {
    /** The registers of an engine, or of a channel. */
    private enum Layout {
        CHANCNT(EngineRegisters.CHANCNT, 1, false),
        XFERCAP(EngineRegisters.XFERCAP, 1, false),
        GENCTRL(EngineRegisters.GENCTRL, 1, true),
        INTRCTRL(EngineRegisters.INTRCTRL, 1, true),
        ATTNSTATUS(EngineRegisters.ATTNSTATUS, 4, false),
        CBVER(EngineRegisters.CBVER, 1, false),
        PERPORTOFFSET(EngineRegisters.PERPORTOFFSET, 2, false),
        INTRDELAY(EngineRegisters.INTRDELAY, 2, false),
        DEVICE_STATUS(EngineRegisters.DEVICE_STATUS, 2, false),
        CHANCTRL(EngineRegisters.CHANCTRL, 2, true),
        DMA_COMP(EngineRegisters.DMA_COMP, 2, false),
        CHANSTS(EngineRegisters.CHANSTS, 8, false),
        CHAINADDR(EngineRegisters.CHAINADDR, 8, true),
        CHANCMD(EngineRegisters.CHANCMD, 1, true),
        CHANCMP(EngineRegisters.CHANCMP, 8, true),
        CDAR(EngineRegisters.CDAR, 8, false),
        CHANERR(EngineRegisters.CHANERR, 4, true),
        CHANERR_MASK(EngineRegisters.CHANERR_MASK, 4, true);

        final int offset;
        final int bytes;
        final boolean writable;

        Layout(int offset, int bytes, boolean writable) {
            this.offset = offset;
            this.bytes = bytes;
            this.writable = writable;
        }

        boolean ofChannel() {
            return ordinal() >= CHANCTRL.ordinal();
        }
    }

    /** A register of one engine. */
    record Located(CopyEngine engine, String name, int offset, int bytes, boolean writable) {}

    private final PciBus bus;
    private final long mmioReadCycles;
    private final long mmioWriteCycles;

    EngineRegisterView(PciBus bus, Platform platform) {
        this.bus = bus;
        mmioReadCycles = platform.get(Parameter.MMIO_READ_CYCLES);
        mmioWriteCycles = platform.get(Parameter.MMIO_WRITE_CYCLES);
    }

    List<DmaViews.Registers> all() {
        List<DmaViews.Registers> engines = new ArrayList<>();
        for (CopyEngine engine : engines()) {
            List<DmaViews.Register> registers = new ArrayList<>();
            for (Located register : registersOf(engine)) {
                registers.add(view(register, engine.peek(register.offset(), register.bytes())));
            }
            engines.add(new DmaViews.Registers(engine.address(), registers));
        }
        return engines;
    }

    Located find(String name) {
        for (CopyEngine engine : engines()) {
            for (Located register : registersOf(engine)) {
                if (register.name().equals(name)) {
                    return register;
                }
            }
        }
        throw Refusal.unknown("register", name);
    }

    void requireWritable(String name, long value) {
        Located register = find(name);
        if (!register.writable()) {
            throw Refusal.conflict("read-only-register", name + " is read-only.")
                    .with("state", "READ_ONLY");
        }
        if (register.bytes() < Long.BYTES && value >>> (register.bytes() * Byte.SIZE) != 0) {
            throw Refusal.meaningless("value-too-wide", name + " has " + register.bytes() * Byte.SIZE + " bits.");
        }
    }

    DmaViews.Register view(String name) {
        Located register = find(name);
        return view(register, register.engine().peek(register.offset(), register.bytes()));
    }

    DmaViews.Register read(String name, Processor on) {
        Located register = find(name);
        on.spend(Symbol.READL, mmioReadCycles);
        return view(register, register.engine().read(register.offset(), register.bytes()));
    }

    DmaViews.Register write(String name, long value, Processor on) {
        Located register = find(name);
        on.spend(Symbol.WRITEL, mmioWriteCycles);
        register.engine()
                .write(register.offset(), register.bytes(), value, on.cpu().cursorPs());
        return view(register, value);
    }

    private List<CopyEngine> engines() {
        List<CopyEngine> engines = new ArrayList<>();
        for (PciFunction function : bus.functions()) {
            if (function instanceof CopyEngine engine) {
                engines.add(engine);
            }
        }
        return engines;
    }

    private List<Located> registersOf(CopyEngine engine) {
        String prefix = engines().getFirst() == engine ? "" : engine.address() + "/";
        List<Located> registers = new ArrayList<>();
        for (Layout layout : Layout.values()) {
            if (!layout.ofChannel()) {
                registers.add(
                        new Located(engine, prefix + layout.name(), layout.offset, layout.bytes, layout.writable));
            }
        }
        for (int channel = 0; channel < engine.channelCount(); channel++) {
            int block = (channel + 1) * EngineRegisters.CHANNEL_BLOCK;
            for (Layout layout : Layout.values()) {
                if (layout.ofChannel()) {
                    String name = prefix + "chan" + channel + "." + layout.name();
                    registers.add(new Located(engine, name, block + layout.offset, layout.bytes, layout.writable));
                }
            }
        }
        return registers;
    }

    private static DmaViews.Register view(Located register, long value) {
        String key = register.name().substring(register.name().lastIndexOf('.') + 1);
        int digits = register.bytes() * 2;
        return new DmaViews.Register(
                register.name(),
                "0x%02x".formatted(register.offset()),
                register.bytes(),
                ("0x%0" + digits + "x").formatted(value),
                decode(key.substring(key.lastIndexOf('/') + 1), value));
    }

    private static Map<String, Object> decode(String name, long value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        switch (name) {
            case "CHANCNT" -> fields.put("channels", value);
            case "XFERCAP" -> fields.put("transferCapBytes", 1L << value);
            case "CBVER" -> fields.put("version", (value >> 4) + "." + (value & 0xf));
            case "INTRCTRL" -> {
                fields.put("masterInterruptEnable", isSet(value, EngineRegisters.INTRCTRL_MASTER_ENABLE));
                fields.put("interruptStatus", isSet(value, EngineRegisters.INTRCTRL_STATUS));
                fields.put("interrupt", isSet(value, EngineRegisters.INTRCTRL_INTERRUPT));
            }
            case "ATTNSTATUS" -> fields.put("channels", channels(value));
            case "CHANCTRL" -> {
                fields.put("inUse", isSet(value, EngineRegisters.CHANCTRL_IN_USE));
                fields.put("errorInterruptEnable", isSet(value, EngineRegisters.CHANCTRL_ERROR_INTERRUPT));
                fields.put("anyErrorAbortEnable", isSet(value, EngineRegisters.CHANCTRL_ANY_ERROR_ABORT));
                fields.put("errorCompletionEnable", isSet(value, EngineRegisters.CHANCTRL_ERROR_COMPLETION));
                fields.put("interruptDisable", isSet(value, EngineRegisters.CHANCTRL_INTERRUPT_DISABLE));
            }
            case "CHANSTS" -> {
                fields.put("status", DmaFace.statusName((int) value & EngineRegisters.STATUS_MASK));
                fields.put("softError", isSet(value, EngineRegisters.STATUS_SOFT_ERROR));
                fields.put("unaffiliatedError", isSet(value, EngineRegisters.STATUS_UNAFFILIATED_ERROR));
                fields.put("completedDescriptor", "0x%08x".formatted(value & EngineRegisters.DESCRIPTOR_MASK));
            }
            case "CHANERR", "CHANERR_MASK" -> fields.put("errors", DmaFace.errorNames((int) value));
            default -> {
                // an address, a command or a plain number: the value says it all
            }
        }
        return fields;
    }

    private static boolean isSet(long value, int bit) {
        return (value & bit) != 0;
    }

    private static List<Integer> channels(long bits) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < Integer.SIZE; i++) {
            if ((bits & (1L << i)) != 0) {
                numbers.add(i);
            }
        }
        return numbers;
    }
}
