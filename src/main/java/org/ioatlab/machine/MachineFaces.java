package org.ioatlab.machine;

/** A machine as far as it can be looked at: nothing here changes it, and what is handed out are values. */
public interface MachineFaces {
    /** The machine at a glance. */
    MachineView view();

    /** Its memory. */
    MemoryFace memory();

    /** Its processors. */
    CpuFace cpus();

    /** Its DMA subsystem. */
    DmaFace dma();

    /** Its PCI bus. */
    PciFace pci();

    /** Its network ports. */
    NicFace nics();

    /** What is at the other end of its cables. */
    WireFace wire();

    /** What remote hosts do to it. */
    TrafficFace traffic();

    /** Its sockets. */
    SocketFace sockets();

    /** Its programs. */
    ProcessFace processes();

    /** What receiving costs it. */
    StatisticsFace statistics();

    /** Its kernel's variables. */
    SysctlFace sysctl();

    /** Its kernel's counters as text. */
    ProcText proc();
}
