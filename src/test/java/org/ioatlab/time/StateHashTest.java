package org.ioatlab.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

class StateHashTest {
    @Test
    void nothingFedIsTheShaOfNothing() {
        assertThat(new StateHash().hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void isTheShaOfLittleEndianWordsAndOfBytesWithTheirLength() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            StateHash hash = new StateHash();
            ByteArrayOutputStream fed = new ByteArrayOutputStream();
            // Enough to pass the end of the buffer several times, at every alignment.
            for (int i = 0; i < 2000; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        byte[] bytes = new byte[random.nextInt(40)];
                        random.fill(bytes, 0, bytes.length);
                        hash.put(bytes, 0, bytes.length);
                        word(fed, bytes.length);
                        fed.writeBytes(bytes);
                    }
                    case 1 -> {
                        hash.put("p\u00e4ge " + i);
                        byte[] text = ("p\u00e4ge " + i).getBytes(StandardCharsets.UTF_8);
                        word(fed, text.length);
                        fed.writeBytes(text);
                    }
                    case 2 -> {
                        hash.put(i % 2 == 0);
                        word(fed, i % 2 == 0 ? 1 : 0);
                    }
                    default -> {
                        long value = random.nextLong();
                        hash.put(value);
                        word(fed, value);
                    }
                }
            }
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(fed.toByteArray());
            assertThat(hash.hex()).isEqualTo(HexFormat.of().formatHex(expected));
        });
    }

    @Test
    void lengthsKeepNeighboursApart() {
        StateHash one = new StateHash();
        one.put("ab");
        one.put("c");
        StateHash other = new StateHash();
        other.put("a");
        other.put("bc");
        assertThat(one.hex()).isNotEqualTo(other.hex());
    }

    private static void word(ByteArrayOutputStream to, long value) {
        to.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
