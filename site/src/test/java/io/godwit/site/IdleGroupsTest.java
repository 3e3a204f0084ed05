package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups that can't be taken up at first. */
@Timeout(60)
class IdleGroupsTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final GroupName BANK = new GroupName("bank");

    private final Set<GroupName> there = ConcurrentHashMap.newKeySet();
    private final CountDownLatch triedAgain = new CountDownLatch(3);
    private volatile Optional<GodwitException> trouble =
            Optional.of(new GodwitException(ErrorCode.CORRUPT, "the log is damaged at 7"));
    private final IdleGroups groups =
            new IdleGroups(new SiteName("east"), Duration.ofMillis(1), group -> takeUp(group));

    private void takeUp(GroupName group) throws IOException {
        Optional<GodwitException> now = trouble;
        if (group.equals(SHOP) && now.isPresent()) {
            triedAgain.countDown();
            throw now.get();
        }
        there.add(group);
    }

    @AfterEach
    void end() {
        groups.close();
    }

    @Test
    void oneKeepsTheOthersFromNothing() throws Exception {
        groups.open(List.of(SHOP, BANK));
        assertThat(there).containsExactly(BANK);
        assertThat(groups.reasons()).isEqualTo(Map.of(SHOP, "the log is damaged at 7"));
    }

    @Test
    void whoAsksForItIsToldWhy() throws Exception {
        groups.open(List.of(SHOP));
        assertThatThrownBy(() -> groups.requireNone(SHOP))
                .hasMessageContaining("group shop cannot be taken up at site east: the log is damaged at 7");
        groups.requireNone(BANK);
    }

    @Test
    void itIsTriedUntilItCanBe() throws Exception {
        groups.open(List.of(SHOP, BANK));
        triedAgain.await();
        trouble = Optional.empty();
        while (!groups.reasons().isEmpty()) {
            Thread.sleep(1);
        }
        assertThat(there).containsExactlyInAnyOrder(SHOP, BANK);
        groups.requireNone(SHOP);
    }
}
