package io.godwit.site.inside;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import org.junit.jupiter.api.Test;

/** What a machine is told. */
class AnswerTest {
    @Test
    void thePositionIsTheOneThatTheOtherSiteHas() {
        assertThat(new Answer.Done(new Position(4_096)).line("a")).isEqualTo("a done 4096");
    }

    @Test
    void aRefusalIsTheSentenceThatAPersonGets() {
        Answer answer = Answer.of(new GodwitException(ErrorCode.CONFLICT, "group shop is being moved"));
        assertThat(answer.line("a")).isEqualTo("a refused group shop is being moved");
    }

    @Test
    void whatFailsOnTheHostsIsNotToldInTheMachine() {
        Answer answer = Answer.of(new GodwitException(ErrorCode.NO_SPACE, "10.1.2.3 has 7 MiB left in /var/lib"));
        assertThat(answer.line("a")).startsWith("a failed ").doesNotContain("10.1", "/var", "MiB");
    }

    @Test
    void aLineIsPrintableAndHasItsLimit() {
        String line = new Answer.Refused("caf\u00e9\nb done 7" + "x".repeat(9_999)).line("a");
        assertThat(line).startsWith("a refused caf??b done 7").hasSize(Answer.MAX_BYTES);
    }
}
