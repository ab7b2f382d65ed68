package org.ioatlab.kernel.net.tcp;

/** What TCP counts, under the names of {@code /proc/net/snmp} (the first ten) and {@code /proc/net/netstat} of Linux 2.6.12. */
public enum TcpCounter {
    ACTIVE_OPENS("ActiveOpens"),
    PASSIVE_OPENS("PassiveOpens"),
    ATTEMPT_FAILS("AttemptFails"),
    ESTAB_RESETS("EstabResets"),
    CURR_ESTAB("CurrEstab"),
    IN_SEGS("InSegs"),
    OUT_SEGS("OutSegs"),
    RETRANS_SEGS("RetransSegs"),
    IN_ERRS("InErrs"),
    OUT_RSTS("OutRsts"),

    SYNCOOKIES_SENT("SyncookiesSent"),
    SYNCOOKIES_RECV("SyncookiesRecv"),
    SYNCOOKIES_FAILED("SyncookiesFailed"),
    EMBRYONIC_RSTS("EmbryonicRsts"),
    PRUNE_CALLED("PruneCalled"),
    RCV_PRUNED("RcvPruned"),
    OFO_PRUNED("OfoPruned"),
    OUT_OF_WINDOW_ICMPS("OutOfWindowIcmps"),
    LOCK_DROPPED_ICMPS("LockDroppedIcmps"),
    ARP_FILTER("ArpFilter"),
    TW("TW"),
    TW_RECYCLED("TWRecycled"),
    TW_KILLED("TWKilled"),
    PAWS_PASSIVE("PAWSPassive"),
    PAWS_ACTIVE("PAWSActive"),
    PAWS_ESTAB("PAWSEstab"),
    DELAYED_ACKS("DelayedACKs"),
    DELAYED_ACK_LOCKED("DelayedACKLocked"),
    DELAYED_ACK_LOST("DelayedACKLost"),
    LISTEN_OVERFLOWS("ListenOverflows"),
    LISTEN_DROPS("ListenDrops"),
    PREQUEUED("TCPPrequeued"),
    DIRECT_COPY_FROM_BACKLOG("TCPDirectCopyFromBacklog"),
    DIRECT_COPY_FROM_PREQUEUE("TCPDirectCopyFromPrequeue"),
    PREQUEUE_DROPPED("TCPPrequeueDropped"),
    HP_HITS("TCPHPHits"),
    HP_HITS_TO_USER("TCPHPHitsToUser"),
    PURE_ACKS("TCPPureAcks"),
    HP_ACKS("TCPHPAcks"),
    RENO_RECOVERY("TCPRenoRecovery"),
    SACK_RECOVERY("TCPSackRecovery"),
    SACK_RENEGING("TCPSACKReneging"),
    FACK_REORDER("TCPFACKReorder"),
    SACK_REORDER("TCPSACKReorder"),
    RENO_REORDER("TCPRenoReorder"),
    TS_REORDER("TCPTSReorder"),
    FULL_UNDO("TCPFullUndo"),
    PARTIAL_UNDO("TCPPartialUndo"),
    DSACK_UNDO("TCPDSACKUndo"),
    LOSS_UNDO("TCPLossUndo"),
    LOSS("TCPLoss"),
    LOST_RETRANSMIT("TCPLostRetransmit"),
    RENO_FAILURES("TCPRenoFailures"),
    SACK_FAILURES("TCPSackFailures"),
    LOSS_FAILURES("TCPLossFailures"),
    FAST_RETRANS("TCPFastRetrans"),
    FORWARD_RETRANS("TCPForwardRetrans"),
    SLOW_START_RETRANS("TCPSlowStartRetrans"),
    TIMEOUTS("TCPTimeouts"),
    RENO_RECOVERY_FAIL("TCPRenoRecoveryFail"),
    SACK_RECOVERY_FAIL("TCPSackRecoveryFail"),
    SCHEDULER_FAILED("TCPSchedulerFailed"),
    RCV_COLLAPSED("TCPRcvCollapsed"),
    DSACK_OLD_SENT("TCPDSACKOldSent"),
    DSACK_OFO_SENT("TCPDSACKOfoSent"),
    DSACK_RECV("TCPDSACKRecv"),
    DSACK_OFO_RECV("TCPDSACKOfoRecv"),
    ABORT_ON_SYN("TCPAbortOnSyn"),
    ABORT_ON_DATA("TCPAbortOnData"),
    ABORT_ON_CLOSE("TCPAbortOnClose"),
    ABORT_ON_MEMORY("TCPAbortOnMemory"),
    ABORT_ON_TIMEOUT("TCPAbortOnTimeout"),
    ABORT_ON_LINGER("TCPAbortOnLinger"),
    ABORT_FAILED("TCPAbortFailed"),
    MEMORY_PRESSURES("TCPMemoryPressures"),

    /** Not in 2.6.12: acknowledgments that answer a doubtful segment (RFC 5961). */
    CHALLENGE_ACK("TCPChallengeACK"),

    /** Not in 2.6.12: segments for which a socket that was being worked on had no room. */
    BACKLOG_DROP("TCPBacklogDrop");

    /** How many there are. */
    public static final int COUNT = values().length;

    private final String kernelName;

    TcpCounter(String kernelName) {
        this.kernelName = kernelName;
    }

    /** As {@code /proc} spells it. */
    public String kernelName() {
        return kernelName;
    }

    /** Whether it stands in {@code /proc/net/snmp}; all others stand in {@code /proc/net/netstat}. */
    public boolean isInSnmp() {
        return ordinal() <= OUT_RSTS.ordinal();
    }
}
