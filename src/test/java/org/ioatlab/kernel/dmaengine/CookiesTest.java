package org.ioatlab.kernel.dmaengine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cookies are compared around their wrap (Linux 2.6.18, {@code dma_async_is_complete()}). */
class CookiesTest {
    private static final int MAX = Integer.MAX_VALUE;

    @ParameterizedTest(name = "cookie {0}, completed {1}, used {2}: {3}")
    @CsvSource({
        // nothing given out yet, and a cookie that never was: it reads as done
        "1, 0, 0, DMA_SUCCESS",
        // 1 to 10 given out, 1 to 5 done
        "1, 5, 10, DMA_SUCCESS",
        "5, 5, 10, DMA_SUCCESS",
        "6, 5, 10, DMA_IN_PROGRESS",
        "10, 5, 10, DMA_IN_PROGRESS",
        "11, 5, 10, DMA_SUCCESS",
        "2147483647, 5, 10, DMA_SUCCESS",
        "-12, 5, 10, DMA_SUCCESS",
        // all done
        "10, 10, 10, DMA_SUCCESS",
        "11, 10, 10, DMA_SUCCESS",
        // wrapped: up to 3 given out, up to 2147483640 done
        "2147483640, 2147483640, 3, DMA_SUCCESS",
        "4, 2147483640, 3, DMA_SUCCESS",
        "2147483641, 2147483640, 3, DMA_IN_PROGRESS",
        "2147483647, 2147483640, 3, DMA_IN_PROGRESS",
        "1, 2147483640, 3, DMA_IN_PROGRESS",
        "3, 2147483640, 3, DMA_IN_PROGRESS",
        "-1, 2147483640, 3, DMA_IN_PROGRESS",
        // wrapped, and the completed one has followed
        "2147483647, 2, 3, DMA_SUCCESS",
        "3, 2, 3, DMA_IN_PROGRESS",
    })
    void comparison(int cookie, int completed, int used, DmaStatus expected) {
        assertThat(Cookies.compare(cookie, completed, used)).isEqualTo(expected);
    }

    @Test
    void theNextOneIsOneMoreAndOneAfterTheLargest() {
        assertThat(Cookies.next(0)).isEqualTo(1);
        assertThat(Cookies.next(1)).isEqualTo(2);
        assertThat(Cookies.next(MAX - 1)).isEqualTo(MAX);
        assertThat(Cookies.next(MAX)).isEqualTo(1);
        assertThat(Cookies.next(-5)).isEqualTo(1);
    }

    @Test
    void whatWasGivenOut() {
        assertThat(Cookies.isIssued(0, 1, 3, false)).isFalse();
        assertThat(Cookies.isIssued(1, 1, 3, false)).isTrue();
        assertThat(Cookies.isIssued(3, 1, 3, false)).isTrue();
        assertThat(Cookies.isIssued(4, 1, 3, false)).isFalse();
        assertThat(Cookies.isIssued(-1, 1, 3, false)).isFalse();
        assertThat(Cookies.isIssued(1, 2, 3, false)).isFalse();
        assertThat(Cookies.isIssued(MAX - 2, MAX - 1, 2, true)).isFalse();
        assertThat(Cookies.isIssued(MAX - 1, MAX - 1, 2, true)).isTrue();
        assertThat(Cookies.isIssued(MAX, MAX - 1, 2, true)).isTrue();
        assertThat(Cookies.isIssued(2, MAX - 1, 2, true)).isTrue();
        assertThat(Cookies.isIssued(3, MAX - 1, 2, true)).isFalse();
        assertThat(Cookies.isIssued(0, MAX - 1, 2, true)).isFalse();
        assertThat(Cookies.isIssued(-1, MAX - 1, 2, true)).isFalse();
    }
}
