package org.ioatlab.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void aFailingSeedSaysTheCommandThatRepeatsIt() {
        long first = Seeds.all().findFirst().orElseThrow();
        assertThatThrownBy(() -> Seeds.forEach(seed -> {
                    throw new IllegalStateException("too hot");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed " + first + ": too hot")
                .hasMessageContaining(
                        "./mvnw test -Dtest='SeedsTest#aFailingSeedSaysTheCommandThatRepeatsIt' -Dioatlab.seed="
                                + first)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void everySeedIsTriedInOrder() {
        StringBuilder tried = new StringBuilder();
        Seeds.forEach(seed -> tried.append(seed).append(' '));
        assertThat(tried.toString().strip().split(" "))
                .containsExactly(Seeds.all().mapToObj(Long::toString).toArray(String[]::new));
    }
}
