package org.ioatlab.kernel.net;

import java.util.List;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.wire.MacAddress;

/**
 * What a user sets of a port and its driver.
 *
 * @param mtu {@link #LEAST_MTU} to {@link #LARGEST_MTU} bytes
 * @param receiveQueues 1 to {@link NetworkPort#QUEUES}; a machine with a single processor uses one
 * @param ringSize descriptors a queue, {@link #LEAST_RING} to {@link #LARGEST_RING}, a multiple of {@link #RING_STEP}
 * @param splitHeaders whether headers go to buffers of their own
 * @param checksumOffload whether the controller verifies checksums and puts them in
 * @param tso whether the controller cuts large TCP packets into segments, which takes {@code checksumOffload} too
 * @param interruptsPerSecond 0 for no moderation, or {@link #LEAST_INTERRUPTS} to {@link #LARGEST_INTERRUPTS}
 * @param promiscuous whether frames for other stations are taken
 * @param allMulticast whether every group's frames are taken
 * @param vlanStripping whether tags are taken out of frames
 * @param multicast groups that are listened to, at most {@link #LARGEST_GROUPS}
 * @param rss how flows are steered to queues
 * @param queueCpus the processor that polls each queue, as many as queues; empty lets the driver choose
 */
public record NicSettings(
        int mtu,
        int receiveQueues,
        int ringSize,
        boolean splitHeaders,
        boolean checksumOffload,
        boolean tso,
        int interruptsPerSecond,
        boolean promiscuous,
        boolean allMulticast,
        boolean vlanStripping,
        List<MacAddress> multicast,
        RssSettings rss,
        List<Integer> queueCpus) {
    public static final int LEAST_MTU = 576;
    public static final int LARGEST_MTU = 9000;
    public static final int LEAST_RING = 80;
    public static final int LARGEST_RING = 4096;
    public static final int RING_STEP = 8;
    public static final int LEAST_INTERRUPTS = 100;
    public static final int LARGEST_INTERRUPTS = 100_000;
    public static final int LARGEST_GROUPS = NetworkPort.ADDRESSES - 1;

    /** The groups that every IPv4 and IPv6 host belongs to, and that of questions for a host whose IPv6 address ends in 1. */
    public static final List<MacAddress> ALL_HOSTS = List.of(
            MacAddress.parse("01:00:5e:00:00:01"),
            MacAddress.parse("33:33:00:00:00:01"),
            MacAddress.parse("33:33:ff:00:00:01"));

    /** The e1000 driver's defaults with all of I/OAT's receive features off. */
    public static final NicSettings DEFAULT = new NicSettings(
            1500, 1, 256, false, true, true, 8000, false, false, false, ALL_HOSTS, RssSettings.DEFAULT, List.of());

    /** @throws IllegalArgumentException if a value is out of its range or contradicts another; the message begins with its name */
    public NicSettings {
        multicast = List.copyOf(multicast);
        queueCpus = List.copyOf(queueCpus);
        require("mtu", mtu, LEAST_MTU, LARGEST_MTU);
        require("receiveQueues", receiveQueues, 1, NetworkPort.QUEUES);
        require("ringSize", ringSize, LEAST_RING, LARGEST_RING);
        if (ringSize % RING_STEP != 0) {
            throw new IllegalArgumentException("ringSize must be a multiple of " + RING_STEP);
        }
        if (interruptsPerSecond != 0) {
            require("interruptsPerSecond", interruptsPerSecond, LEAST_INTERRUPTS, LARGEST_INTERRUPTS);
        }
        require("multicast", multicast.size(), 0, LARGEST_GROUPS);
        if (!rss.fits(receiveQueues)) {
            throw new IllegalArgumentException("indirectionTable names a queue beyond receiveQueues");
        }
        if (!queueCpus.isEmpty() && queueCpus.size() != receiveQueues) {
            throw new IllegalArgumentException("queueCpus must name one processor a queue");
        }
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most);
        }
    }

    /** The longest frame that this MTU allows, with a VLAN tag and without frame check sequence. */
    public int longestFrame() {
        return mtu + 18;
    }

    public NicSettings withMtu(int bytes) {
        return with(bytes, receiveQueues, ringSize, splitHeaders, checksumOffload, tso, interruptsPerSecond);
    }

    public NicSettings withReceiveQueues(int queues) {
        return with(mtu, queues, ringSize, splitHeaders, checksumOffload, tso, interruptsPerSecond);
    }

    public NicSettings withRingSize(int descriptors) {
        return with(mtu, receiveQueues, descriptors, splitHeaders, checksumOffload, tso, interruptsPerSecond);
    }

    public NicSettings withSplitHeaders(boolean on) {
        return with(mtu, receiveQueues, ringSize, on, checksumOffload, tso, interruptsPerSecond);
    }

    public NicSettings withChecksumOffload(boolean on) {
        return with(mtu, receiveQueues, ringSize, splitHeaders, on, tso, interruptsPerSecond);
    }

    public NicSettings withTso(boolean on) {
        return with(mtu, receiveQueues, ringSize, splitHeaders, checksumOffload, on, interruptsPerSecond);
    }

    public NicSettings withInterruptsPerSecond(int rate) {
        return with(mtu, receiveQueues, ringSize, splitHeaders, checksumOffload, tso, rate);
    }

    public NicSettings withPromiscuous(boolean on) {
        return with(on, allMulticast, vlanStripping, multicast, rss, queueCpus);
    }

    public NicSettings withAllMulticast(boolean on) {
        return with(promiscuous, on, vlanStripping, multicast, rss, queueCpus);
    }

    public NicSettings withVlanStripping(boolean on) {
        return with(promiscuous, allMulticast, on, multicast, rss, queueCpus);
    }

    public NicSettings withMulticast(List<MacAddress> groups) {
        return with(promiscuous, allMulticast, vlanStripping, groups, rss, queueCpus);
    }

    public NicSettings withRss(RssSettings steering) {
        return with(promiscuous, allMulticast, vlanStripping, multicast, steering, queueCpus);
    }

    public NicSettings withQueueCpus(List<Integer> cpus) {
        return with(promiscuous, allMulticast, vlanStripping, multicast, rss, cpus);
    }

    private NicSettings with(
            int bytes, int queues, int descriptors, boolean split, boolean checksums, boolean cutting, int rate) {
        return new NicSettings(
                bytes,
                queues,
                descriptors,
                split,
                checksums,
                cutting,
                rate,
                promiscuous,
                allMulticast,
                vlanStripping,
                multicast,
                rss,
                queueCpus);
    }

    private NicSettings with(
            boolean everything,
            boolean everyGroup,
            boolean stripping,
            List<MacAddress> groups,
            RssSettings steering,
            List<Integer> cpus) {
        return new NicSettings(
                mtu,
                receiveQueues,
                ringSize,
                splitHeaders,
                checksumOffload,
                tso,
                interruptsPerSecond,
                everything,
                everyGroup,
                stripping,
                groups,
                steering,
                cpus);
    }
}
