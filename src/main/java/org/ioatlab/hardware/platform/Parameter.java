package org.ioatlab.hardware.platform;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every number of the cost model. Its unit is the last word of its name; its value, source and grade on a platform stand in that
 * platform's file.
 */
public enum Parameter {
    // processors and memory
    CPU_FREQUENCY_MHZ(1, 100_000),
    SIBLING_SPEED_PERCENT(1, 100),
    MEMORY_LATENCY_CYCLES,
    COLD_COPY_CYCLES_PER_KILOBYTE,
    WARM_COPY_CYCLES_PER_KILOBYTE,
    MMIO_READ_CYCLES,
    MMIO_WRITE_CYCLES,
    ESTIMATED_COST_PERCENT(1, 10_000),
    FIRST_LEVEL_KILOBYTES(1, 1024),
    FIRST_LEVEL_WAYS(1, 16),
    SECOND_LEVEL_KILOBYTES(16, 65_536),
    SECOND_LEVEL_WAYS(1, 16),
    SECOND_LEVEL_SHARING_CORES(1, 16),
    SECOND_LEVEL_CYCLES,
    LINES_PER_MISS(1, 2),
    REMOTE_CACHE_CYCLES,
    STREAMING_READ_CYCLES_PER_KILOBYTE,
    UNALIGNED_COPY_CYCLES_PER_KILOBYTE,
    MEMORY_BUS_MEGABYTES_PER_SECOND(1, 1_000_000),
    // entering and leaving the kernel
    SYSTEM_CALL_CYCLES,
    WAKE_UP_CYCLES,
    CONTEXT_SWITCH_CYCLES,
    INTERRUPT_ENTRY_CYCLES,
    SOFTIRQ_ENTRY_CYCLES,
    CROSS_CALL_SEND_CYCLES,
    CROSS_CALL_RECEIVE_CYCLES,
    CROSS_CALL_LATENCY_NS,
    INTERRUPT_DELIVERY_NS,
    TIMER_FREQUENCY_HZ(1, 100_000),
    ARM_TIMER_CYCLES,
    TIMER_EXPIRY_CYCLES,
    TIMER_INTERRUPT_CYCLES,
    UPDATE_PROCESS_TIMES_CYCLES,
    SCHEDULER_TICK_CYCLES,
    REBALANCE_TICK_CYCLES,
    LOAD_BALANCE_CYCLES,
    FIND_BUSIEST_GROUP_CYCLES,
    RUN_TIMER_SOFTIRQ_CYCLES,
    DEFAULT_IDLE_CYCLES,
    COMMON_INTERRUPT_CYCLES,
    IRQ_DESCRIPTOR_CYCLES,
    HANDLE_IRQ_EVENT_CYCLES,
    END_INTERRUPT_CYCLES,
    IRQ_EXIT_CYCLES,
    RESTORE_ALL_CYCLES,
    CALL_SOFTIRQ_CYCLES,
    SCHEDULE_CYCLES,
    SCHED_CLOCK_CYCLES,
    DEACTIVATE_TASK_CYCLES,
    DEQUEUE_TASK_CYCLES,
    FINISH_TASK_SWITCH_CYCLES,
    WAKE_UP_QUEUE_CYCLES,
    WAKE_UP_COMMON_CYCLES,
    AUTOREMOVE_WAKE_CYCLES,
    DEFAULT_WAKE_CYCLES,
    ACTIVATE_TASK_CYCLES,
    RECALC_TASK_PRIO_CYCLES,
    EFFECTIVE_PRIO_CYCLES,
    ENQUEUE_TASK_CYCLES,
    RESCHED_TASK_CYCLES,
    PREPARE_TO_WAIT_CYCLES,
    FINISH_WAIT_CYCLES,
    SCHEDULE_TIMEOUT_CYCLES,
    SPIN_LOCK_CYCLES,
    SPIN_LOCK_IRQ_CYCLES,
    SPIN_LOCK_IRQSAVE_CYCLES,
    SPIN_UNLOCK_IRQRESTORE_CYCLES,
    SPIN_LOCK_BH_CYCLES,
    SPIN_UNLOCK_BH_CYCLES,
    READ_LOCK_CYCLES,
    LOCAL_BH_ENABLE_CYCLES,
    MODIFY_TIMER_CYCLES,
    INTERNAL_ADD_TIMER_CYCLES,
    // allocators
    PAGE_LIST_CYCLES,
    BUDDY_BLOCK_CYCLES,
    BUDDY_SPLIT_CYCLES,
    SLAB_LIST_CYCLES,
    SLAB_OBJECT_CYCLES,
    SLAB_GROW_CYCLES,
    SLAB_PAGE_CYCLES,
    KMALLOC_CYCLES,
    KFREE_CYCLES,
    // user memory
    PIN_CALL_CYCLES,
    PIN_PAGE_CYCLES,
    UNPIN_CALL_CYCLES,
    UNPIN_PAGE_CYCLES,
    PAGE_FAULT_CYCLES,
    PAGE_IN_NS,
    // copy engine and its driver
    ENGINE_MEGABYTES_PER_SECOND(1, 1_000_000),
    ENGINE_DESCRIPTOR_FETCH_NS,
    ENGINE_BEFORE_COPY_NS,
    ENGINE_AFTER_COPY_NS,
    SUBMIT_DESCRIPTOR_CYCLES,
    DOORBELL_CYCLES,
    COMPLETION_POLL_CYCLES,
    CLEANUP_DESCRIPTOR_CYCLES,
    CHANNEL_BOOKKEEPING_CYCLES,
    // network driver and receive path
    INTERRUPT_ENABLE_CYCLES,
    POLL_ENTRY_CYCLES,
    RECEIVE_DESCRIPTOR_CYCLES,
    REFILL_DESCRIPTOR_CYCLES,
    SOCKET_BUFFER_SET_UP_CYCLES,
    SOCKET_BUFFER_RELEASE_CYCLES,
    ETHERNET_TYPE_CYCLES,
    PACKET_DISPATCH_CYCLES,
    PACKET_TAP_CYCLES,
    SOCKET_BUFFER_BYTES(1, 4096),
    SHARED_INFO_BYTES(1, 4096),
    CACHE_LINE_BYTES(16, 256),
    INTERRUPT_HANDLER_CYCLES,
    POLL_CYCLES,
    DO_GETTIMEOFDAY_CYCLES,
    GET_OFFSET_TSC_CYCLES,
    SKB_CLONE_CYCLES,
    SKB_RELEASE_DATA_CYCLES,
    KFREE_SKBMEM_CYCLES,
    // network driver and transmit path
    TRANSMIT_QUEUE_CYCLES,
    QUEUE_DISCIPLINE_CYCLES,
    TRANSMIT_PACKET_CYCLES,
    TRANSMIT_DESCRIPTOR_CYCLES,
    TRANSMIT_CLEAN_CYCLES,
    PFIFO_FAST_ENQUEUE_CYCLES,
    PFIFO_FAST_DEQUEUE_CYCLES,
    UNMAP_TRANSMIT_CYCLES,
    // IP and UDP
    IP_RECEIVE_CYCLES,
    IP_DELIVER_CYCLES,
    IP_TRANSMIT_CYCLES,
    IP_OUTPUT_CYCLES,
    IP_FRAGMENT_CYCLES,
    NEIGHBOUR_CYCLES,
    ICMP_CYCLES,
    UDP_RECEIVE_CYCLES,
    UDP_SEND_CYCLES,
    CHECKSUM_CYCLES_PER_KILOBYTE,
    IP_RCV_FINISH_CYCLES,
    IP_ROUTE_INPUT_CYCLES,
    IP_LOCAL_DELIVER_FINISH_CYCLES,
    IP_FINISH_OUTPUT_CYCLES,
    IP_FINISH_OUTPUT2_CYCLES,
    // TCP and sockets
    TCP_RECEIVE_CYCLES,
    TCP_ESTABLISHED_CYCLES,
    TCP_SLOW_PATH_CYCLES,
    TCP_ACKNOWLEDGMENT_CYCLES,
    TCP_DATA_EVENT_CYCLES,
    TCP_WINDOW_CYCLES,
    TCP_TRANSMIT_CYCLES,
    TCP_TIMER_CYCLES,
    PREQUEUE_CYCLES,
    SOCKET_LOCK_CYCLES,
    SOCKET_WAKE_CYCLES,
    SOCKET_RECEIVE_CYCLES,
    SOCKET_SEND_CYCLES,
    SOCKET_POLL_CYCLES,
    SOCKET_CREATE_CYCLES,
    SOCKET_OPTION_CYCLES,
    SUM_COPY_CYCLES_PER_KILOBYTE,
    SYS_SOCKETCALL_CYCLES,
    SYS_RECVFROM_CYCLES,
    SOCKFD_LOOKUP_CYCLES,
    FGET_CYCLES,
    FPUT_CYCLES,
    SOCK_RECVMSG_CYCLES,
    SOCK_COMMON_RECVMSG_CYCLES,
    TCP_V4_DO_RCV_CYCLES,
    TCP_COPY_TO_IOVEC_CYCLES,
    SKB_COPY_DATAGRAM_IOVEC_CYCLES,
    MEMCPY_TOIOVEC_CYCLES,
    COPY_TO_USER_CYCLES,
    COPY_TO_USER_LL_CYCLES,
    TCP_RCV_SPACE_ADJUST_CYCLES,
    TCP_RCV_RTT_UPDATE_CYCLES,
    TCP_GROW_WINDOW_CYCLES,
    TCP_MEASURE_RCV_MSS_CYCLES,
    TCP_SEND_DELAYED_ACK_CYCLES,
    SK_RESET_TIMER_CYCLES,
    TCP_ACK_SND_CHECK_CYCLES,
    CLEANUP_RBUF_CYCLES,
    SK_WAIT_DATA_CYCLES,
    TCP_SEND_ACK_CYCLES,
    TCP_V4_SEND_CHECK_CYCLES,
    TCP_V4_CHECKSUM_INIT_CYCLES,
    // programs
    FORK_CYCLES,
    WARM_READ_CYCLES_PER_KILOBYTE;

    private static final long LARGEST = 1_000_000_000;

    private final String key;
    private final long least;
    private final long most;

    Parameter() {
        this(0, LARGEST);
    }

    Parameter(long least, long most) {
        this.least = least;
        this.most = most;
        key = camelCase(name());
    }

    /** The name in platform files and in a spec's {@code costs}. */
    public String key() {
        return key;
    }

    /** The smallest value that makes sense. */
    public long least() {
        return least;
    }

    /** The largest value that is accepted. */
    public long most() {
        return most;
    }

    /**
     * Whether it is what a function of the kernel costs by itself, and so scaled by {@link #ESTIMATED_COST_PERCENT} where it is only estimated.
     * Hardware's own times are not, nor what the copy engine's driver does, which was estimated from a measurement of all of it.
     */
    public boolean isFunctionCost() {
        return switch (this) {
            case MEMORY_LATENCY_CYCLES,
                    SECOND_LEVEL_CYCLES,
                    REMOTE_CACHE_CYCLES,
                    MMIO_READ_CYCLES,
                    MMIO_WRITE_CYCLES,
                    SUBMIT_DESCRIPTOR_CYCLES,
                    DOORBELL_CYCLES,
                    COMPLETION_POLL_CYCLES,
                    CLEANUP_DESCRIPTOR_CYCLES,
                    CHANNEL_BOOKKEEPING_CYCLES -> false;
            default -> name().endsWith("_CYCLES");
        };
    }

    void requireRange(long value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be from " + least + " to " + most);
        }
    }

    /** The parameter of that name, or null. */
    public static @Nullable Parameter ofKey(String key) {
        for (Parameter parameter : values()) {
            if (parameter.key.equals(key)) {
                return parameter;
            }
        }
        return null;
    }

    private static String camelCase(String constant) {
        StringBuilder key = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
            key.append(key.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return key.toString();
    }
}
