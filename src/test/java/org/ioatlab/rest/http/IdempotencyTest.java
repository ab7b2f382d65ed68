package org.ioatlab.rest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.ioatlab.rest.http.Idempotency.Answer;
import org.ioatlab.rest.http.Idempotency.Answered;
import org.ioatlab.rest.http.Idempotency.Fresh;
import org.ioatlab.rest.http.Idempotency.InProgress;
import org.ioatlab.rest.http.Idempotency.OtherRequest;
import org.junit.jupiter.api.Test;

/** How long, and how many, answers to keyed requests are kept. */
class IdempotencyTest {
    private static final Answer ANSWER = new Answer(201, Map.of(), "made");

    private long now = 1_000;
    private final Idempotency answers = new Idempotency(() -> now);

    @Test
    void theFirstIsServedTheSecondWaitsAndLaterOnesGetItsAnswer() {
        assertThat(answers.claim("k", "post a")).isInstanceOf(Fresh.class);
        assertThat(answers.claim("k", "post a")).isInstanceOf(InProgress.class);
        answers.finish("k", ANSWER);
        assertThat(answers.claim("k", "post a")).isEqualTo(new Answered(ANSWER));
        assertThat(answers.claim("k", "post b")).isInstanceOf(OtherRequest.class);
    }

    @Test
    void aKeyWithoutAnAnswerCanBeTriedAgain() {
        answers.claim("k", "post a");
        answers.abandon("k");
        assertThat(answers.claim("k", "post a")).isInstanceOf(Fresh.class);
        answers.finish("k", ANSWER);
        answers.abandon("k");
        assertThat(answers.claim("k", "post a")).isEqualTo(new Answered(ANSWER));
    }

    @Test
    void anAnswerIsKeptForADay() {
        answers.claim("k", "post a");
        answers.finish("k", ANSWER);
        now += Idempotency.KEPT_MILLIS - 1;
        assertThat(answers.claim("k", "post a")).isEqualTo(new Answered(ANSWER));
        now += 1;
        assertThat(answers.claim("k", "post b")).isInstanceOf(Fresh.class);
    }

    @Test
    void theOldestOfTenThousandMakesRoom() {
        for (int i = 0; i < Idempotency.MOST_ANSWERS; i++) {
            answers.claim("k" + i, "post");
            answers.finish("k" + i, ANSWER);
        }
        assertThat(answers.claim("k0", "post")).isInstanceOf(Answered.class);
        assertThat(answers.claim("one more", "post")).isInstanceOf(Fresh.class);
        assertThat(answers.claim("k1", "post")).isInstanceOf(Answered.class);
        assertThat(answers.claim("k0", "post")).as("the oldest was forgotten").isInstanceOf(Fresh.class);
    }
}
