package io.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteLedgerTest {
    private static final int SLOTS = 4;
    private static final RedisReply ABSENT = new RedisReply.Absent();

    private final WriteLedger ledger = new WriteLedger("test", SLOTS);

    @Test
    void everyNumberHasAValueAndEverySlotAKeyOfItsOwn() {
        assertThat(ledger.value(7)).startsWith("7:").hasSize(64).isNotEqualTo(ledger.value(8));
        assertThat(ledger.key(0)).isNotEqualTo(ledger.key(1)).contains("test");
        assertThat(ledger.slot(1)).isZero();
        assertThat(ledger.slot(SLOTS + 1)).isZero();
    }

    @Test
    void valuesThatAreThereAreRight() {
        for (int write = 0; write < 3 * SLOTS; write++) {
            long number = ledger.next();
            ledger.acknowledge(number, number <= SLOTS ? ABSENT : held(number - SLOTS));
        }
        for (int slot = 0; slot < ledger.slotsUsed(); slot++) {
            ledger.judge(slot, held(2 * SLOTS + slot + 1));
        }
        assertThat(ledger.acknowledgedWrites()).isEqualTo(3 * SLOTS);
        assertNothingWrong();
    }

    @Test
    void aWriteThatIsGoneAtTheEndIsLost() {
        ledger.acknowledge(ledger.next(), ABSENT);
        ledger.judge(0, ABSENT);
        assertThat(ledger.lostWrites()).isEqualTo(1);
    }

    @Test
    void aWriteThatIsGoneWhenItsSlotIsTakenAgainIsLostOnce() {
        fillOnce();
        ledger.acknowledge(ledger.next(), ABSENT);
        ledger.judge(0, held(SLOTS + 1));
        assertThat(ledger.lostWrites()).isEqualTo(1);
        assertThat(ledger.wrongReads()).isZero();
    }

    @Test
    void anOlderWriteInItsPlaceIsALostWriteToo() {
        fillOnce();
        ledger.acknowledge(ledger.next(), held(1));
        ledger.judge(0, held(1));
        assertThat(ledger.lostWrites()).isEqualTo(1);
        assertThat(ledger.wrongReads()).isZero();
    }

    @Test
    void whatWasNeverWrittenThereIsWrong() {
        fillOnce();
        ledger.judge(0, held(2));
        ledger.judge(0, held(SLOTS + 1));
        ledger.judge(0, new RedisReply.Value("1:torn"));
        ledger.judge(0, new RedisReply.Value(""));
        ledger.judge(0, new RedisReply.Value("x:y"));
        assertThat(ledger.wrongReads()).isEqualTo(5);
        assertThat(ledger.lostWrites()).isZero();
    }

    @Test
    void aWriteWithoutAnAnswerMayBeThereOrNot() {
        fillOnce();
        long open = ledger.next();
        ledger.leaveOpen(open);
        ledger.judge(0, held(open));
        ledger.judge(0, held(1));
        assertNothingWrong();
        assertThat(ledger.acknowledgedWrites()).isEqualTo(SLOTS);
    }

    @Test
    void afterTheNextAcknowledgedWriteItMayNoLongerBeThere() {
        fillOnce();
        long open = ledger.next();
        ledger.leaveOpen(open);
        fill(open + SLOTS);
        ledger.judge(0, held(open));
        assertThat(ledger.lostWrites()).isEqualTo(1);
    }

    @Test
    void aSlotWithoutAnAcknowledgedWriteMayHoldNothing() {
        ledger.leaveOpen(ledger.next());
        ledger.judge(0, ABSENT);
        ledger.judge(0, held(1));
        assertNothingWrong();
        assertThat(ledger.expects(0)).isFalse();
    }

    private void fillOnce() {
        fill(SLOTS);
    }

    /** Writes on until {@code last}, each finding what belongs there. */
    private void fill(long last) {
        for (long number = ledger.next(); ; number = ledger.next()) {
            ledger.acknowledge(number, number <= SLOTS ? ABSENT : held(number - SLOTS));
            if (number == last) {
                return;
            }
        }
    }

    private void assertNothingWrong() {
        assertThat(ledger.lostWrites()).isZero();
        assertThat(ledger.wrongReads()).isZero();
    }

    private RedisReply held(long number) {
        return new RedisReply.Value(ledger.value(number));
    }
}
