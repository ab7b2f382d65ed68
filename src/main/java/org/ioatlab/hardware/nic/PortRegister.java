package org.ioatlab.hardware.nic;

/**
 * Offsets and bits of the port's registers, as the 8257x family has them (Intel 82571/82574 manuals; e1000 driver 7.2.7). Three choices are
 * this controller's own: eight receive queues with a cause bit each, a redirection table that names a queue in its low three bits, and an
 * interrupt interval in nanoseconds (the family counts 256 ns), so that a rate is kept exactly.
 */
public final class PortRegister {
    /** Device control. */
    public static final int CTRL = 0x0000;

    /** Set link up. */
    public static final int CTRL_SLU = 1 << 6;

    /** VLAN mode: tags are taken out of frames. */
    public static final int CTRL_VME = 1 << 30;

    /** Device status. */
    public static final int STATUS = 0x0008;

    /** Link is up. */
    public static final int STATUS_LU = 1 << 1;

    /** Access to the transceiver; of its registers there is only the status, which can be read at any time. */
    public static final int MDIC = 0x0020;

    /** In the transceiver's status: there is a link partner. */
    public static final int MDIC_LINK = 1 << 2;

    /** Interrupt causes; reading clears them. */
    public static final int ICR = 0x00c0;

    /** The interrupt interval. */
    public static final int ITR = 0x00c4;

    /** Sets interrupt causes. */
    public static final int ICS = 0x00c8;

    /** Lets interrupt causes through. */
    public static final int IMS = 0x00d0;

    /** Masks interrupt causes. */
    public static final int IMC = 0x00d8;

    /** Cause: transmit descriptors that asked for it have been written back. */
    public static final int CAUSE_TXDW = 1;

    /** Cause: the link has come up or gone down. */
    public static final int CAUSE_LSC = 1 << 2;

    /** Cause: few receive descriptors are left. */
    public static final int CAUSE_RXDMT0 = 1 << 4;

    /** Cause: a frame has been received on queue 0; the other queues' bits follow. */
    public static final int CAUSE_RXQ0 = 1 << 20;

    /** Receive control. */
    public static final int RCTL = 0x0100;

    /** Receiver on. */
    public static final int RCTL_EN = 1 << 1;

    /** Unicast promiscuous. */
    public static final int RCTL_UPE = 1 << 3;

    /** Multicast promiscuous. */
    public static final int RCTL_MPE = 1 << 4;

    /** Frames longer than 1522 bytes are taken. */
    public static final int RCTL_LPE = 1 << 5;

    /** Descriptor type: packet split. */
    public static final int RCTL_DTYP_PS = 1 << 10;

    /** Broadcasts are taken. */
    public static final int RCTL_BAM = 1 << 15;

    /** Where the buffer size's two bits stand: 2048, 1024, 512, 256; sixteen times that with {@link #RCTL_BSEX}. */
    public static final int RCTL_BSIZE_SHIFT = 16;

    /** Buffer sizes are 16 times as large. */
    public static final int RCTL_BSEX = 1 << 25;

    /** The frame check sequence isn't stored. */
    public static final int RCTL_SECRC = 1 << 26;

    /** Transmit control. */
    public static final int TCTL = 0x0400;

    /** Transmitter on. */
    public static final int TCTL_EN = 1 << 1;

    /** Short frames are filled up. */
    public static final int TCTL_PSP = 1 << 3;

    /** Packet-split buffer sizes: 7 bits of 128 bytes, then three times 6 bits of 1024. */
    public static final int PSRCTL = 0x2170;

    /** Receive descriptor ring of queue 0: base, low half. Each queue's registers lie {@link #QUEUE_STRIDE} behind the last one's. */
    public static final int RDBAL = 0x2800;

    /** Ring base, high half. */
    public static final int RDBAH = 0x2804;

    /** Ring length in bytes. */
    public static final int RDLEN = 0x2808;

    /** The descriptor that hardware uses next. */
    public static final int RDH = 0x2810;

    /** The descriptor at which hardware stops. */
    public static final int RDT = 0x2818;

    /** Distance of two queues' registers. */
    public static final int QUEUE_STRIDE = 0x100;

    /** Transmit descriptor ring: base, low half. */
    public static final int TDBAL = 0x3800;

    /** Transmit ring base, high half. */
    public static final int TDBAH = 0x3804;

    /** Transmit ring length in bytes. */
    public static final int TDLEN = 0x3808;

    /** The transmit descriptor that hardware uses next. */
    public static final int TDH = 0x3810;

    /** The transmit descriptor at which hardware stops. */
    public static final int TDT = 0x3818;

    /** Receive checksum control. */
    public static final int RXCSUM = 0x5000;

    /** IP checksums are verified. */
    public static final int RXCSUM_IPOFLD = 1 << 8;

    /** TCP and UDP checksums are verified. */
    public static final int RXCSUM_TUOFLD = 1 << 9;

    /** Descriptors carry the flow hash instead of a raw checksum. */
    public static final int RXCSUM_PCSD = 1 << 13;

    /** The longest frame with {@link #RCTL_LPE}, frame check sequence included. */
    public static final int RLPML = 0x5004;

    /** Receive filter control. */
    public static final int RFCTL = 0x5008;

    /** IP fragments aren't split. */
    public static final int RFCTL_IPFRSP_DIS = 1 << 14;

    /** Extended descriptors. */
    public static final int RFCTL_EXTEN = 1 << 15;

    /** Receive address 0, low half; 16 pairs. */
    public static final int RAL = 0x5400;

    /** Receive address 0, high half. */
    public static final int RAH = 0x5404;

    /** The address counts. */
    public static final int RAH_AV = 1 << 31;

    /** Multiple receive queues: bit 0 steers by flow hash; bits 16 to 21 are the {@link HashField}s. */
    public static final int MRQC = 0x5818;

    /** Steering by flow hash is on. */
    public static final int MRQC_RSS = 1;

    /** The redirection table, 128 bytes. */
    public static final int RETA = 0x5c00;

    /** The flow hash's key, 40 bytes. */
    public static final int RSSRK = 0x5c80;

    private PortRegister() {}
}
