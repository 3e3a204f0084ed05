package io.godwit.site.guests;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ServiceProbe;
import io.godwit.site.guests.ServiceSilence.Advice;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceSilenceTest {
    private static final Optional<Object> MACHINE = Optional.of("qemu 1");
    private static final Optional<Object> ANOTHER = Optional.of("qemu 2");
    private static final long SECOND = 1_000_000_000L;
    private static final long BOOT_SECONDS = ServiceProbe.BOOT_PATIENCE.toSeconds();

    private static ServiceSilence silence(ServiceProbe.Then then) {
        return new ServiceSilence(new ServiceProbe(6379, Optional.empty(), Optional.of(20), Optional.of(then)));
    }

    private static ServiceSilence answered(ServiceProbe.Then then) {
        ServiceSilence silence = silence(then);
        assertThat(silence.looked(MACHINE, false, 0)).isEqualTo(Advice.NOTHING);
        assertThat(silence.word()).isEqualTo("awaited");
        assertThat(silence.looked(MACHINE, true, 5 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.word()).isEqualTo("answers");
        return silence;
    }

    @Test
    void aSilenceIsToldOfOnceAndEndsWithAnAnswer() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        assertThat(silence.looked(MACHINE, false, 24 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.silent()).isFalse();
        assertThat(silence.looked(MACHINE, false, 25 * SECOND)).isEqualTo(Advice.TELL);
        assertThat(silence.looked(MACHINE, false, 30 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.silent()).isTrue();
        assertThat(silence.silentFor(30 * SECOND)).hasSeconds(25);
        assertThat(silence.looked(MACHINE, true, 31 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.silent()).isFalse();
        assertThat(silence.looked(MACHINE, false, 51 * SECOND)).isEqualTo(Advice.TELL);
    }

    @Test
    void aMachineThatBootsHasTheTimeThatABootTakes() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        assertThat(silence.looked(ANOTHER, false, 100 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.looked(ANOTHER, false, (99 + BOOT_SECONDS) * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.looked(ANOTHER, false, (100 + BOOT_SECONDS) * SECOND))
                .isEqualTo(Advice.TELL);
    }

    @Test
    void aMachineThatStandsStillIsNotExpectedToAnswer() {
        ServiceSilence silence = answered(ServiceProbe.Then.RESTART);
        assertThat(silence.looked(Optional.empty(), false, 1000 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.looked(MACHINE, false, 1019 * SECOND)).isEqualTo(Advice.NOTHING);
    }

    @Test
    void aMachineThatStoodStillForAMomentIsNoLessSilent() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        assertThat(silence.looked(MACHINE, false, 25 * SECOND)).isEqualTo(Advice.TELL);
        assertThat(silence.looked(Optional.empty(), false, 30 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.silent()).isFalse();
        assertThat(silence.word()).isEqualTo("awaited");
        assertThat(silence.looked(MACHINE, false, 35 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(silence.silent()).isTrue();
        assertThat(silence.silentFor(35 * SECOND)).hasSeconds(30);
    }

    @Test
    void aMachineThatStandsStillAtEveryOtherLookIsSilentInTheEnd() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        for (long now = 10; now < 40; now += 10) {
            assertThat(silence.looked(MACHINE, false, now * SECOND)).isEqualTo(Advice.NOTHING);
            assertThat(silence.looked(Optional.empty(), false, (now + 5) * SECOND))
                    .isEqualTo(Advice.NOTHING);
        }
        assertThat(silence.looked(MACHINE, false, 40 * SECOND)).isEqualTo(Advice.TELL);
    }

    @Test
    void itIsRestartedSoOftenAndThenLeftToPeople() {
        ServiceSilence silence = answered(ServiceProbe.Then.RESTART);
        long now = 25 * SECOND;
        for (int time = 0; time < ServiceSilence.MOST_RESTARTS; time++) {
            assertThat(silence.looked(MACHINE, false, now)).isEqualTo(Advice.RESTART);
            assertThat(silence.looked(MACHINE, false, now))
                    .as("what could not be done is advised again")
                    .isEqualTo(Advice.RESTART);
            silence.restarted(now);
            assertThat(silence.looked(MACHINE, false, now + SECOND)).isEqualTo(Advice.NOTHING);
            now += BOOT_SECONDS * SECOND;
        }
        assertThat(silence.looked(MACHINE, false, now)).isEqualTo(Advice.NOTHING);
        assertThat(silence.silent()).isTrue();
        assertThat(silence.restarts()).isEqualTo(ServiceSilence.MOST_RESTARTS);
        assertThat(silence.silentFor(now)).hasSeconds(now / SECOND - 5);
        now += ServiceSilence.RESTARTS_WITHIN.toNanos();
        assertThat(silence.looked(MACHINE, false, now)).isEqualTo(Advice.RESTART);
    }

    @Test
    void aServiceThatIsLookedAtInAnotherWayIsNoLessSilent() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        assertThat(silence.looked(MACHINE, false, 25 * SECOND)).isEqualTo(Advice.TELL);
        ServiceSilence restarting = silence.lookedAtLike(probe(6379, 10), 26 * SECOND);
        assertThat(restarting.silent()).isTrue();
        assertThat(restarting.silentFor(26 * SECOND)).hasSeconds(21);
        assertThat(restarting.looked(MACHINE, false, 27 * SECOND)).isEqualTo(Advice.RESTART);
        restarting.restarted(27 * SECOND);
        assertThat(restarting.lookedAtLike(probe(6379, 20), 28 * SECOND).restarts())
                .isEqualTo(1);
    }

    @Test
    void aServiceThatMayBeSilentForLongerAnswersInTimeAfterAll() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        assertThat(silence.looked(MACHINE, false, 25 * SECOND)).isEqualTo(Advice.TELL);
        ServiceSilence patient = silence.lookedAtLike(probe(6379, 60), 26 * SECOND);
        assertThat(patient.silent()).isFalse();
        assertThat(patient.looked(MACHINE, false, 64 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(patient.looked(MACHINE, false, 65 * SECOND)).isEqualTo(Advice.RESTART);
    }

    @Test
    void anotherPortIsWaitedForAnew() {
        ServiceSilence silence = answered(ServiceProbe.Then.TELL);
        assertThat(silence.looked(MACHINE, false, 25 * SECOND)).isEqualTo(Advice.TELL);
        ServiceSilence other = silence.lookedAtLike(probe(80, 10), 26 * SECOND);
        assertThat(other.silent()).isFalse();
        assertThat(other.word()).isEqualTo("awaited");
        assertThat(other.looked(MACHINE, false, 35 * SECOND)).isEqualTo(Advice.NOTHING);
        assertThat(other.looked(MACHINE, false, 36 * SECOND)).isEqualTo(Advice.RESTART);
    }

    private static ServiceProbe probe(int port, int silentSeconds) {
        return new ServiceProbe(
                port, Optional.empty(), Optional.of(silentSeconds), Optional.of(ServiceProbe.Then.RESTART));
    }
}
