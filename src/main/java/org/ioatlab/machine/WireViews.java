package org.ioatlab.machine;

import java.util.List;

/** What can be seen at the other end of a machine's cables. */
public interface WireViews {
    /**
     * A packet that the machine has sent.
     *
     * @param sequence counted from 1 over all ports
     * @param atNs when its last bit had left the machine
     * @param nic by which port
     * @param hex from the first byte of its IP header
     */
    record Packet(long sequence, long atNs, String nic, String hex) {}

    /**
     * The switch at a port's cable.
     *
     * @param nic the port
     * @param hosts addresses of the remote hosts there are
     * @param waitingFrames on their way to the machine
     * @param lostToMachine packets lost on their way to the machine
     * @param unresolved packets that hosts dropped because the machine hadn't told its link address
     * @param lostFromMachine packets lost on their way from the machine
     * @param impairments what happens to packets from the machine
     */
    record Wire(
            String nic,
            List<String> hosts,
            int waitingFrames,
            long lostToMachine,
            long unresolved,
            long lostFromMachine,
            Impairments impairments) {}

    /** What happens to packets: parts per billion and picoseconds. */
    record Impairments(int lossPpb, int duplicatePpb, int reorderPpb, int corruptPpb, long delayPs, long jitterPs) {}
}
