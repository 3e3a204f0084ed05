package io.godwit.site.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever was frozen for a mark is thawed, whatever happens. */
class FreezeTest {
    @TempDir
    Path directory = Path.of("");

    /** A machine that stands still when it is told to, if it can. */
    private static final class FakeGuest implements Freeze.Guest {
        private final VmName name;
        boolean canFreeze = true;
        boolean canThaw = true;
        volatile boolean frozen;

        FakeGuest(String name) {
            this.name = new VmName(name);
        }

        @Override
        public VmName name() {
            return name;
        }

        @Override
        public int freeze() {
            frozen = true;
            if (!canFreeze) {
                throw new GodwitException(ErrorCode.UNREACHABLE, "the agent of %s did not answer".formatted(name));
            }
            return 2;
        }

        @Override
        public void thaw() {
            if (!canThaw) {
                throw new GodwitException(ErrorCode.UNREACHABLE, "the agent of %s did not answer".formatted(name));
            }
            frozen = false;
        }
    }

    private final FakeGuest web = new FakeGuest("web");
    private final FakeGuest db = new FakeGuest("db");
    private final List<FakeGuest> both = List.of(web, db);

    private Freeze freeze() {
        return new Freeze(directory);
    }

    private void assertAllThawed() throws Exception {
        assertThat(both).noneMatch(guest -> guest.frozen);
        assertThat(freeze().noted()).isEmpty();
    }

    @Test
    void allStandStillForTheMomentAndGoOnAfterIt() throws Exception {
        Freeze.Outcome<Boolean> outcome = freeze().during(both, () -> {
            assertThat(freeze().noted()).containsExactly(web.name(), db.name());
            return web.frozen && db.frozen;
        });
        assertThat(outcome.result()).isTrue();
        assertThat(outcome.held()).extracting(Freeze.Held::fileSystems).containsExactly(2, 2);
        assertAllThawed();
    }

    @Test
    void whereOneCannotBeFrozenNothingIsDoneAndAllAreThawed() throws Exception {
        db.canFreeze = false;
        assertThatThrownBy(() -> freeze().during(both, () -> {
                    throw new AssertionError("not all are frozen");
                }))
                .hasMessageContaining("the agent of db did not answer");
        assertAllThawed();
    }

    @Test
    void aMomentThatFailsLeavesNobodyFrozen() throws Exception {
        assertThatThrownBy(() -> freeze().during(both, () -> {
                    throw new GodwitException(ErrorCode.NO_SPACE, "the log is full");
                }))
                .hasMessageContaining("the log is full");
        assertAllThawed();
    }

    @Test
    void whoCannotBeThawedStaysNotedUntilTheNextDaemonHasThawedThem() throws Exception {
        db.canThaw = false;
        assertThatThrownBy(() -> freeze().during(both, () -> 1)).hasMessageContaining("could not be thawed");
        assertThat(freeze().noted()).contains(db.name());
        assertThat(freeze().thawNoted(this::find)).isFalse();
        db.canThaw = true;
        assertThat(freeze().thawNoted(this::find)).isTrue();
        assertAllThawed();
    }

    @Test
    void aMachineThatIsGoneHasNothingFrozen() throws Exception {
        db.canThaw = false;
        assertThatThrownBy(() -> freeze().during(both, () -> 1)).isInstanceOf(GodwitException.class);
        assertThat(freeze().thawNoted(name -> Optional.empty())).isTrue();
        assertThat(freeze().noted()).isEmpty();
    }

    private Optional<FakeGuest> find(VmName name) {
        return both.stream().filter(guest -> guest.name().equals(name)).findFirst();
    }
}
