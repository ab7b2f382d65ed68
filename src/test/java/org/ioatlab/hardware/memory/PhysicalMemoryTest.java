package org.ioatlab.hardware.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

class PhysicalMemoryTest {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;
    private static final int FRAMES = 300;

    private final PhysicalMemory memory = new PhysicalMemory(FRAMES);

    @Test
    void untouchedMemoryReadsAsZerosAndTakesNoHostMemory() {
        byte[] bytes = {1, 2, 3};
        memory.read(5 * PAGE - 1, bytes, 0, 3);
        assertThat(bytes).containsOnly(0);
        assertThat(memory.readLong(0)).isZero();
        assertThat(memory.readInt(299L * PAGE)).isZero();
        assertThat(memory.backedFrames()).isZero();
    }

    @Test
    void aWriteBacksOnlyTheFramesItTouches() {
        memory.write(2 * PAGE - 1, new byte[] {1, 2}, 0, 2);
        assertThat(memory.backedFrames()).isEqualTo(2);
        memory.write(2 * PAGE, new byte[] {3}, 0, 1);
        assertThat(memory.backedFrames()).isEqualTo(2);
    }

    @Test
    void zerosOntoUntouchedFramesTakeNoHostMemory() {
        memory.fill(100, 10 * PAGE, (byte) 0);
        memory.copy(20L * PAGE + 7, 40L * PAGE, 5 * PAGE);
        assertThat(memory.backedFrames()).isZero();
        memory.writeInt(40L * PAGE, 1);
        memory.copy(20L * PAGE, 40L * PAGE, 3 * PAGE);
        assertThat(memory.backedFrames()).isEqualTo(2);
        assertThat(memory.readInt(20L * PAGE)).isEqualTo(1);
    }

    @Test
    void aCopyOfNothingTouchesNothing() {
        memory.writeInt(0, 1);
        memory.copy(20L * PAGE, 0, 0);
        memory.copy((long) memory.frames() * PAGE, 0, 0);
        assertThat(memory.backedFrames()).isEqualTo(1);
    }

    @Test
    void wordsAreLittleEndian() {
        memory.writeLong(8, 0x0102030405060708L);
        memory.writeInt(PAGE - 4, 0x0a0b0c0d);
        byte[] bytes = new byte[8];
        memory.read(8, bytes, 0, 8);
        assertThat(bytes).containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
        memory.read(PAGE - 4, bytes, 0, 4);
        assertThat(bytes).containsExactly(0x0d, 0x0c, 0x0b, 0x0a, 4, 3, 2, 1);
        assertThat(memory.readLong(8)).isEqualTo(0x0102030405060708L);
        assertThat(memory.readLong(9)).isEqualTo(0x01020304050607L);
        assertThat(memory.readInt(PAGE - 4)).isEqualTo(0x0a0b0c0d);
    }

    @Test
    void aWordAcrossFramesIsRefused() {
        assertThatThrownBy(() -> memory.readLong(PAGE - 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.writeInt(PAGE - 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void containsKnowsTheEndAndIsNotFooledByOverflow() {
        long end = (long) FRAMES * PAGE;
        assertThat(memory.contains(0, end)).isTrue();
        assertThat(memory.contains(end, 0)).isTrue();
        assertThat(memory.contains(end - 1, 1)).isTrue();
        assertThat(memory.contains(0, end + 1)).isFalse();
        assertThat(memory.contains(end - 1, 2)).isFalse();
        assertThat(memory.contains(end + 1, 0)).isFalse();
        assertThat(memory.contains(-1, 1)).isFalse();
        assertThat(memory.contains(0, -1)).isFalse();
        assertThat(memory.contains(Long.MAX_VALUE, 1)).isFalse();
        assertThat(memory.contains(1, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void overlappingCopiesComeOutAsIfThroughABuffer() {
        int length = 3 * PAGE + 100;
        for (int distance : new int[] {1, 7, 100, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE + 99, 3 * PAGE + 100}) {
            for (int start : new int[] {0, 1, PAGE - 1, 100}) {
                checkOverlap(start, start + distance, length);
                checkOverlap(start + distance, start, length);
            }
        }
        checkOverlap(50, 50, length);
    }

    private static void checkOverlap(int target, int source, int length) {
        byte[] flat = new byte[10 * PAGE];
        new SeededRandom(target * 31L + source).fill(flat, 0, flat.length);
        PhysicalMemory memory = new PhysicalMemory(10);
        memory.write(0, flat, 0, flat.length);
        System.arraycopy(flat, source, flat, target, length);
        memory.copy(target, source, length);
        assertThat(bytesOf(memory)).isEqualTo(flat);
    }

    @Test
    void behavesAsOneFlatArrayOfBytes() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            PhysicalMemory memory = new PhysicalMemory(FRAMES);
            byte[] flat = new byte[FRAMES * PAGE];
            for (int step = 0; step < 300; step++) {
                change(random, memory, flat);
                if (step % 30 == 0) {
                    assertThat(Arrays.equals(bytesOf(memory), flat)).isTrue();
                    assertThat(hashOf(memory)).isEqualTo(hashOf(copyOf(flat)));
                }
            }
            assertThat(Arrays.equals(bytesOf(memory), flat)).isTrue();
        });
    }

    /** Makes the same random change to both. */
    private static void change(SeededRandom random, PhysicalMemory memory, byte[] flat) {
        int length = random.nextInt(random.nextInt(2) == 0 ? 100 : 6 * PAGE);
        int at = random.nextInt(flat.length - length + 1);
        switch (random.nextInt(6)) {
            case 0 -> {
                byte[] bytes = new byte[length + 9];
                random.fill(bytes, 0, bytes.length);
                memory.write(at, bytes, 9, length);
                System.arraycopy(bytes, 9, flat, at, length);
            }
            case 1 -> {
                byte value = (byte) random.nextInt(3);
                memory.fill(at, length, value);
                Arrays.fill(flat, at, at + length, value);
            }
            case 2 -> {
                int near = Math.clamp(at + (long) random.nextInt(300) - 150, 0, flat.length - length);
                memory.copy(near, at, length);
                System.arraycopy(flat, at, flat, near, length);
            }
            case 3 -> {
                int word = at & -8;
                long value = random.nextLong();
                memory.writeLong(Math.min(word, flat.length - 8), value);
                for (int i = 0; i < 8; i++) {
                    flat[Math.min(word, flat.length - 8) + i] = (byte) (value >>> (8 * i));
                }
            }
            case 4 -> {
                memory.write(at / PAGE % FRAMES)[at % PAGE] = 77;
                flat[at / PAGE % FRAMES * PAGE + at % PAGE] = 77;
            }
            default -> {
                int far = random.nextInt(flat.length - length + 1);
                memory.copy(far, at, length);
                System.arraycopy(flat, at, flat, far, length);
            }
        }
    }

    @Test
    void partsOfReadAndWriteStayWithinTheirArrays() {
        byte[] source = {9, 9, 1, 2, 9};
        memory.write(PAGE - 1, source, 2, 2);
        byte[] target = {5, 5, 5, 5, 5};
        memory.read(PAGE - 1, target, 1, 2);
        assertThat(target).containsExactly(5, 1, 2, 5, 5);
    }

    @Test
    void theHashIsOneOfTheBytesAndNotOfHowTheyCame() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            byte[] pages = new byte[20 * PAGE];
            random.fill(pages, 0, pages.length);
            PhysicalMemory upwards = new PhysicalMemory(FRAMES);
            PhysicalMemory downwards = new PhysicalMemory(FRAMES);
            for (int i = 0; i < 20; i++) {
                upwards.write((long) i * 13 * PAGE, pages, i * PAGE, PAGE);
                downwards.write((19L - i) * 13 * PAGE, pages, (19 - i) * PAGE, PAGE);
                if (random.nextInt(3) == 0) {
                    hashOf(downwards);
                    downwards.fill((19L - i) * 13 * PAGE, PAGE, (byte) i);
                    hashOf(downwards);
                    downwards.write((19L - i) * 13 * PAGE, pages, (19 - i) * PAGE, PAGE);
                }
            }
            assertThat(hashOf(downwards)).isEqualTo(hashOf(upwards));
        });
    }

    @Test
    void pagesOfZerosHashLikeUntouchedOnes() {
        String untouched = hashOf(memory);
        memory.writeInt(7L * PAGE, 1);
        assertThat(hashOf(memory)).isNotEqualTo(untouched);
        memory.writeInt(7L * PAGE, 0);
        assertThat(hashOf(memory)).isEqualTo(untouched);
    }

    @Test
    void theHashTellsWhereAndWhatApart() {
        assertThat(new String[] {
                    hashWithByte(0, (byte) 1),
                    hashWithByte(1, (byte) 1),
                    hashWithByte(8, (byte) 1),
                    hashWithByte(32, (byte) 1),
                    hashWithByte(PAGE - 1, (byte) 1),
                    hashWithByte(PAGE, (byte) 1),
                    hashWithByte(FRAMES * PAGE - 1, (byte) 1),
                    hashWithByte(0, (byte) 2),
                    hashWithByte(0, (byte) 0)
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void swappedPagesAndSwappedWordsChangeTheHash() {
        PhysicalMemory one = new PhysicalMemory(FRAMES);
        PhysicalMemory pages = new PhysicalMemory(FRAMES);
        PhysicalMemory words = new PhysicalMemory(FRAMES);
        one.writeLong(0, 1);
        one.writeLong(PAGE, 2);
        one.writeLong(PAGE + 8, 3);
        pages.writeLong(PAGE, 1);
        pages.writeLong(0, 2);
        pages.writeLong(8, 3);
        words.writeLong(0, 1);
        words.writeLong(PAGE, 3);
        words.writeLong(PAGE + 8, 2);
        assertThat(new String[] {hashOf(one), hashOf(pages), hashOf(words)}).doesNotHaveDuplicates();
    }

    private static String hashWithByte(int address, byte value) {
        PhysicalMemory memory = new PhysicalMemory(FRAMES);
        memory.write(address, new byte[] {value}, 0, 1);
        return hashOf(memory);
    }

    private static PhysicalMemory copyOf(byte[] flat) {
        PhysicalMemory memory = new PhysicalMemory(flat.length / PAGE);
        memory.write(0, flat, 0, flat.length);
        return memory;
    }

    private static byte[] bytesOf(PhysicalMemory memory) {
        byte[] bytes = new byte[memory.frames() * PAGE];
        memory.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static String hashOf(PhysicalMemory memory) {
        StateHash hash = new StateHash();
        memory.hashInto(hash);
        return hash.hex();
    }
}
