package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/**
 * What the socket layer's functions cost, cycles; the numbers are named after their parameters.
 *
 * @param enter entering and leaving the kernel
 * @param enterReceive the same for {@code recv()}, from {@code sys_socketcall} down to the protocol
 * @param lockSocket {@code lock_sock} with its spin lock
 * @param releaseSocket {@code release_sock} with its spin lock
 * @param sleep going to wait and coming back ({@code prepare_to_wait}, {@code schedule_timeout}, {@code finish_wait})
 * @param waitForData a reader's flags around a sleep ({@code sk_wait_data})
 * @param callback the lock under which a socket tells of news ({@code sk_callback_lock})
 * @param copyToUser from a packet to a user's vector: what surrounds the copy itself
 * @param copiedDirectly the progress of a reader whose segment was copied before it was queued ({@code tcp_copy_to_iovec})
 */
record SocketCosts(
        CostList enter,
        CostList enterReceive,
        CostList lockSocket,
        CostList releaseSocket,
        CostList sleep,
        CostList waitForData,
        CostList callback,
        CostList copyToUser,
        CostList copiedDirectly,
        long prequeue,
        long lock,
        long wake,
        long receive,
        long send,
        long poll,
        long create,
        long option,
        long sumCopyPerKilobyte,
        long checksumPerKilobyte) {
    private static final int BYTES_PER_KILOBYTE = 1000;

    static SocketCosts of(Platform platform) {
        return new SocketCosts(
                enter(platform),
                enterReceive(platform),
                lock(platform, Symbol.LOCK_SOCK),
                lock(platform, Symbol.RELEASE_SOCK),
                sleep(platform),
                platform.functions()
                        .add(Symbol.SK_WAIT_DATA, Parameter.SK_WAIT_DATA_CYCLES)
                        .list(),
                platform.functions()
                        .add(Symbol.READ_LOCK, Parameter.READ_LOCK_CYCLES)
                        .list(),
                copyToUser(platform),
                copiedDirectly(platform),
                platform.get(Parameter.PREQUEUE_CYCLES),
                platform.get(Parameter.SOCKET_LOCK_CYCLES),
                platform.get(Parameter.SOCKET_WAKE_CYCLES),
                platform.get(Parameter.SOCKET_RECEIVE_CYCLES),
                platform.get(Parameter.SOCKET_SEND_CYCLES),
                platform.get(Parameter.SOCKET_POLL_CYCLES),
                platform.get(Parameter.SOCKET_CREATE_CYCLES),
                platform.get(Parameter.SOCKET_OPTION_CYCLES),
                platform.get(Parameter.SUM_COPY_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.CHECKSUM_CYCLES_PER_KILOBYTE));
    }

    private static CostList enter(Platform platform) {
        return platform.functions()
                .add(Symbol.SYSTEM_CALL, Parameter.SYSTEM_CALL_CYCLES)
                .list();
    }

    private static CostList enterReceive(Platform platform) {
        return platform.functions()
                .add(Symbol.SYSTEM_CALL, Parameter.SYSTEM_CALL_CYCLES)
                .add(Symbol.SYS_SOCKETCALL, Parameter.SYS_SOCKETCALL_CYCLES)
                .add(Symbol.SYS_RECVFROM, Parameter.SYS_RECVFROM_CYCLES)
                .add(Symbol.SOCKFD_LOOKUP, Parameter.SOCKFD_LOOKUP_CYCLES)
                .add(Symbol.FGET, Parameter.FGET_CYCLES)
                .add(Symbol.SOCK_RECVMSG, Parameter.SOCK_RECVMSG_CYCLES)
                .add(Symbol.SOCK_COMMON_RECVMSG, Parameter.SOCK_COMMON_RECVMSG_CYCLES)
                .add(Symbol.FPUT, Parameter.FPUT_CYCLES)
                .list();
    }

    private static CostList lock(Platform platform, Symbol function) {
        return platform.functions()
                .add(function, Parameter.SOCKET_LOCK_CYCLES)
                .add(Symbol.SPIN_LOCK_BH, Parameter.SPIN_LOCK_BH_CYCLES)
                .add(Symbol.SPIN_UNLOCK_BH, Parameter.SPIN_UNLOCK_BH_CYCLES)
                .add(Symbol.LOCAL_BH_ENABLE, Parameter.LOCAL_BH_ENABLE_CYCLES)
                .list();
    }

    private static CostList sleep(Platform platform) {
        return platform.functions()
                .add(Symbol.PREPARE_TO_WAIT, Parameter.PREPARE_TO_WAIT_CYCLES)
                .add(Symbol.SPIN_LOCK_IRQSAVE, Parameter.SPIN_LOCK_IRQSAVE_CYCLES)
                .add(Symbol.SPIN_UNLOCK_IRQRESTORE, Parameter.SPIN_UNLOCK_IRQRESTORE_CYCLES)
                .add(Symbol.SCHEDULE_TIMEOUT, Parameter.SCHEDULE_TIMEOUT_CYCLES)
                .add(Symbol.FINISH_WAIT, Parameter.FINISH_WAIT_CYCLES)
                .list();
    }

    private static CostList copyToUser(Platform platform) {
        return platform.functions()
                .add(Symbol.SKB_COPY_DATAGRAM_IOVEC, Parameter.SKB_COPY_DATAGRAM_IOVEC_CYCLES)
                .add(Symbol.MEMCPY_TOIOVEC, Parameter.MEMCPY_TOIOVEC_CYCLES)
                .add(Symbol.COPY_TO_USER, Parameter.COPY_TO_USER_CYCLES)
                .add(Symbol.COPY_TO_USER_LL, Parameter.COPY_TO_USER_LL_CYCLES)
                .list();
    }

    private static CostList copiedDirectly(Platform platform) {
        return platform.functions()
                .add(Symbol.TCP_COPY_TO_IOVEC, Parameter.TCP_COPY_TO_IOVEC_CYCLES)
                .add(Symbol.LOCAL_BH_ENABLE, Parameter.LOCAL_BH_ENABLE_CYCLES)
                .add(Symbol.TCP_RCV_SPACE_ADJUST, Parameter.TCP_RCV_SPACE_ADJUST_CYCLES)
                .list();
    }

    /** Cycles for {@code bytes} at {@code perKilobyte}, rounded up. */
    static long of(int bytes, long perKilobyte) {
        return (bytes * perKilobyte + BYTES_PER_KILOBYTE - 1) / BYTES_PER_KILOBYTE;
    }
}
