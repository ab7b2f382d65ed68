package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.tcp.TcpInfo;
import org.jspecify.annotations.Nullable;

/** What can be seen of sockets. */
public interface SocketViews {
    /**
     * A socket.
     *
     * @param id its name
     * @param fd its descriptor in the machine
     * @param protocol TCP or UDP
     * @param state as {@code /proc/net/tcp} has it
     * @param localAddress the own address; absent for every one
     * @param localPort the own port
     * @param remoteAddress the other end's address
     * @param remotePort the other end's port
     * @param readableBytes what SIOCINQ answers
     * @param unsentBytes what SIOCOUTQ answers: written and not acknowledged
     * @param waiting connections that wait to be accepted
     * @param halfOpen connections being made
     * @param backlog connections that may wait to be accepted
     * @param prequeuedBytes truesize of the segments that wait for their reader
     * @param backlogBytes truesize of the segments that wait for a system call to let the socket go
     * @param tcpInfo TCP_INFO
     * @param nowNs the machine's clock
     */
    record Socket(
            String id,
            int fd,
            String protocol,
            String state,
            @Nullable String localAddress,
            int localPort,
            @Nullable String remoteAddress,
            @Nullable Integer remotePort,
            int readableBytes,
            long unsentBytes,
            @Nullable Integer waiting,
            @Nullable Integer halfOpen,
            @Nullable Integer backlog,
            @Nullable Integer prequeuedBytes,
            @Nullable Integer backlogBytes,
            @Nullable TcpInfo tcpInfo,
            long nowNs) {}

    /** Options by name, as {@code getsockopt()} tells them. */
    record Options(Map<String, Long> options) {}

    /**
     * What {@code accept()} came to.
     *
     * @param id the new socket; absent if the time was over before somebody connected
     */
    record Accepted(
            @Nullable String id,
            @Nullable String remoteAddress,
            @Nullable Integer remotePort,
            boolean timedOut,
            long cycles,
            long nowNs) {}

    /**
     * Which engine or processor copied what was read.
     *
     * @param engineBytes copied by the DMA engine
     * @param earlyBytes those of them whose copy began before the reader ran
     * @param cpuBytes copied by processors
     * @param reasons why not by the engine, with bytes
     * @param notEarly why segments weren't copied before the reader ran, with bytes; who copied them then is counted above
     */
    record Offload(
            long engineBytes, long earlyBytes, long cpuBytes, Map<String, Long> reasons, Map<String, Long> notEarly) {
        static Offload of(OffloadCounters copies) {
            return new Offload(
                    copies.engineBytes(), copies.earlyBytes(), copies.cpuBytes(), copies.reasons(), copies.notEarly());
        }
    }

    /**
     * What was read.
     *
     * @param received bytes
     * @param sha256 of them
     * @param base64 the bytes, where they are at most {@link SocketFace#MOST_SHOWN_BYTES}
     * @param remoteAddress who sent them, for UDP
     * @param pagesIn pages of the buffers that had to be brought in
     * @param cycles that the call spent
     */
    record Received(
            long received,
            String sha256,
            byte @Nullable [] base64,
            Offload offload,
            @Nullable String remoteAddress,
            @Nullable Integer remotePort,
            boolean timedOut,
            int pagesIn,
            long cycles,
            long nowNs) {}

    /**
     * What was taken to be sent.
     *
     * @param sent bytes
     */
    record Sent(long sent, boolean timedOut, long cycles, long nowNs) {}

    /** A socket that is ready, and for what. */
    record Ready(String socket, List<String> revents) {}

    /** What {@code poll()} found. */
    record Polled(List<Ready> ready, boolean timedOut, long cycles, long nowNs) {}
}
