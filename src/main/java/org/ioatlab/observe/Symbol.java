package org.ioatlab.observe;

import java.util.Locale;

/** The functions of the kernel that cycles are charged to, under the names that a profile of the kernel prints. */
public enum Symbol {
    COPY_USER_INTEL("__copy_user_intel"),
    MEMCPY,
    MEMSET,
    SYSTEM_CALL,
    SCHEDULE,
    TRY_TO_WAKE_UP,
    SWITCH_TO("__switch_to"),
    DO_IRQ,
    HANDLE_IRQ_EVENT,
    DO_SOFTIRQ("__do_softirq"),
    SMP_CALL_ASYNC_INTERRUPT,
    SMP_CALL_ASYNC_MASK,
    SMP_CALL_FUNCTION,
    SMP_CALL_FUNCTION_INTERRUPT,
    MOD_TIMER,
    RUN_TIMER_SOFTIRQ,
    TIMER_INTERRUPT("smp_apic_timer_interrupt"),
    UPDATE_PROCESS_TIMES,
    SCHEDULER_TICK,
    REBALANCE_TICK,
    LOAD_BALANCE,
    FIND_BUSIEST_GROUP,
    DEFAULT_IDLE,
    NET_RX_ACTION,
    E1000_INTR,
    E1000_CLEAN,
    E1000_CLEAN_RX_IRQ,
    E1000_CLEAN_RX_IRQ_PS,
    E1000_ALLOC_RX_BUFFERS,
    E1000_ALLOC_RX_BUFFERS_PS,
    E1000_IRQ_ENABLE,
    E1000_XMIT_FRAME,
    E1000_CLEAN_TX_IRQ,
    DEV_QUEUE_XMIT,
    QDISC_RESTART,
    SPIN_LOCK("_spin_lock"),
    ETH_TYPE_TRANS,
    NETIF_RECEIVE_SKB,
    PACKET_RCV_SPKT,
    TCP_V4_RCV,
    TCP_RCV_ESTABLISHED,
    TCP_DATA_QUEUE,
    TCP_EVENT_DATA_RECV,
    TCP_ACK,
    TCP_SELECT_WINDOW("__tcp_select_window"),
    TCP_TRANSMIT_SKB,
    TCP_DELACK_TIMER,
    TCP_WRITE_TIMER,
    TCP_KEEPALIVE_TIMER,
    IP_RCV,
    IPV6_RCV,
    IP_LOCAL_DELIVER,
    IP6_INPUT,
    IP_DEFRAG,
    IPV6_FRAG_RCV,
    IP_QUEUE_XMIT,
    IP6_XMIT,
    IP_FRAGMENT,
    IP_OUTPUT,
    ARP_RCV,
    NDISC_RCV,
    NEIGH_RESOLVE_OUTPUT,
    NEIGH_TIMER_HANDLER,
    ICMP_RCV,
    ICMPV6_RCV,
    ICMP_SEND,
    UDP_RCV,
    UDP_SENDMSG,
    CSUM_PARTIAL,
    ALLOC_SKB,
    KFREE_SKB("__kfree_skb"),
    KMALLOC("__kmalloc"),
    KFREE,
    KMEM_CACHE_ALLOC,
    KMEM_CACHE_FREE,
    CACHE_ALLOC_REFILL,
    CACHE_GROW,
    FREE_BLOCK,
    ALLOC_PAGES("__alloc_pages"),
    BUFFERED_RMQUEUE,
    RMQUEUE_BULK,
    FREE_HOT_COLD_PAGE,
    FREE_PAGES_BULK,
    GET_USER_PAGES,
    SET_PAGE_DIRTY_LOCK,
    PCI_SCAN_SLOT,
    DMA_CLIENT_REGISTER,
    DMA_CLIENT_UNREGISTER,
    DMA_CLIENT_CHAN_REQUEST,
    DMA_CHANS_REBALANCE,
    DMA_MEMCPY_BUF_TO_BUF,
    DMA_MEMCPY_BUF_TO_PG,
    DMA_MEMCPY_PG_TO_PG,
    DMA_MEMCPY_COMPLETE,
    DMA_MEMCPY_ISSUE_PENDING,
    DMA_WAIT_FOR_COMPLETION,
    DO_IOAT_DMA_MEMCPY,
    IOAT_DMA_MEMCPY_CLEANUP,
    IOAT_DMA_ALLOC_CHAN_RESOURCES,
    IOAT_DMA_FREE_CHAN_RESOURCES,
    IOAT_DO_INTERRUPT,
    IOAT_PROBE,
    DMATEST_FUNC,
    READL,
    WRITEL;

    /** How many there are. */
    public static final int COUNT = values().length;

    private final String kernelName;

    Symbol() {
        kernelName = name().toLowerCase(Locale.ROOT);
    }

    Symbol(String kernelName) {
        this.kernelName = kernelName;
    }

    /** As the kernel spells it. */
    public String kernelName() {
        return kernelName;
    }
}
