package org.ioatlab.hardware.dma;

/**
 * Faults that can be injected into a channel: one for each error that the engine reports (bits of CHANERR), and two that it doesn't.
 *
 * <p>Bits: Linux 2.6.18 ioatdma, registers.
 */
public enum FaultType {
    SOURCE_ADDRESS(0),
    DESTINATION_ADDRESS(1),
    NEXT_DESCRIPTOR_ADDRESS(2),
    NEXT_DESCRIPTOR_ALIGNMENT(3),
    CHAIN_ADDRESS_VALUE(4),
    CHANNEL_COMMAND(5),
    CHIPSET_DATA_INTEGRITY(6),
    DMA_DATA_INTEGRITY(7),
    READ_DATA(8),
    WRITE_DATA(9),
    DESCRIPTOR_CONTROL(10),
    DESCRIPTOR_LENGTH(11),
    COMPLETION_ADDRESS(12),
    INTERRUPT_CONFIGURATION(13),
    SOFT_ERROR(14),
    UNAFFILIATED_ERROR(15),
    XOR_P_OR_CRC(16),
    XOR_Q(17),
    DESCRIPTOR_COUNT(18),
    /** The channel halts without a reason in CHANERR. */
    HALT(-1),
    /** One byte of the copied data is wrong, and the engine doesn't notice. */
    SILENT_CORRUPTION(-1);

    private final int bit;

    FaultType(int bit) {
        this.bit = bit;
    }

    /** Its mask in CHANERR, 0 for a fault that isn't reported there. */
    public int mask() {
        return bit < 0 ? 0 : 1 << bit;
    }
}
