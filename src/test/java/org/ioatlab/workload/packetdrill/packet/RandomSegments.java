package org.ioatlab.workload.packetdrill.packet;

import java.util.Random;

/** Random inbound segments as a script writes them. */
final class RandomSegments {
    private static final String[] IP = {"", "[noecn] ", "[ect0] ", "[ect1] ", "[ce] ", "[tos 0x7f] ", "[ttl 9] "};
    private static final String[] FLAGS = {
        "S", "S.", ".", "P.", "F.", "FPU.", "R", "R.", "-", "SEW", "EW.", "SEWA", ".7"
    };

    private RandomSegments() {}

    static String text(Random random) {
        long start = Integer.toUnsignedLong(random.nextInt());
        int length = random.nextInt(3000);
        String text = "< " + pick(random, IP) + pick(random, FLAGS) + " " + start + ":"
                + (start + length & 0xffff_ffffL) + "(" + length + ")";
        text += " ack " + Integer.toUnsignedLong(random.nextInt()) + " win " + random.nextInt(0x10000);
        text += random.nextInt(4) == 0 ? " urg " + random.nextInt(0x10000) : "";
        return text + " <" + options(random) + ">";
    }

    private static String options(Random random) {
        return switch (random.nextInt(6)) {
            case 0 ->
                "mss " + random.nextInt(0x10000) + ",sackOK,TS val " + number(random) + " ecr " + number(random)
                        + "!,nop,wscale " + random.nextInt(15);
            case 1 -> "nop,nop,sack " + block(random) + " " + block(random);
            case 2 -> "nop,nop,TS val " + number(random) + " ecr " + number(random) + "!,nop,nop,sack " + block(random);
            case 3 -> "nop,nop,md5 000102030405060708090a0b0c0d0e0f";
            case 4 -> "FO 0102030405060708,nop,nop,FOEXP 01020304";
            default -> "unknown 253 0a0b,mss 9,eol,eol,eol,eol";
        };
    }

    private static String block(Random random) {
        return number(random) + ":" + number(random);
    }

    private static long number(Random random) {
        return Integer.toUnsignedLong(random.nextInt());
    }

    private static String pick(Random random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
