package io.godwit.site.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.DiskDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BootSequenceTest {
    private static final VmDefinition SHOP = vm("shop", "db", "cache");
    private static final VmDefinition DB = vm("db");
    private static final VmDefinition CACHE = vm("cache", "db");
    private static final List<VmDefinition> ALL = List.of(SHOP, DB, CACHE);

    private static VmDefinition vm(String name, String... after) {
        DiskDefinition disk = new DiskDefinition(new DiskName(name + "-root"), "/srv/x.raw", Optional.empty());
        return new VmDefinition(
                new VmName(name),
                ByteCount.ofMiB(64),
                1,
                "10.90.0.10",
                "52:54:00:00:00:0a",
                List.of(disk),
                Optional.empty(),
                Optional.of(Stream.of(after).map(VmName::new).toList()),
                Optional.empty());
    }

    private static final class Machines implements BootSequence.Fleet {
        private final List<VmDefinition> booted = new ArrayList<>();
        private final Set<VmDefinition> ready = new HashSet<>();
        private boolean broken;

        @Override
        public boolean ready(VmDefinition vm) {
            return ready.contains(vm);
        }

        @Override
        public void boot(VmDefinition vm) throws IOException {
            if (broken) {
                throw new IOException("no room");
            }
            booted.add(vm);
        }
    }

    private final Machines machines = new Machines();

    @Test
    void eachIsBootedWhenAllThatItWaitsForAreReady() throws Exception {
        BootSequence sequence = new BootSequence(ALL, ALL, machines);
        assertThat(sequence.step(0)).isFalse();
        assertThat(machines.booted).containsExactly(DB);
        machines.ready.add(DB);
        assertThat(sequence.step(1)).isFalse();
        assertThat(machines.booted).containsExactly(DB, CACHE);
        machines.ready.add(CACHE);
        assertThat(sequence.step(2)).isTrue();
        assertThat(machines.booted).containsExactly(DB, CACHE, SHOP);
    }

    @Test
    void oneThatRunsAlreadyIsWaitedForToo() throws Exception {
        BootSequence sequence = new BootSequence(ALL, List.of(CACHE), machines);
        assertThat(sequence.step(0)).isFalse();
        machines.ready.add(DB);
        assertThat(sequence.step(1)).isTrue();
        assertThat(machines.booted).containsExactly(CACHE);
    }

    @Test
    void oneThatNeverGetsReadyIsWaitedForNoLonger() throws Exception {
        BootSequence sequence = new BootSequence(ALL, ALL, machines);
        sequence.step(0);
        long patience = BootSequence.PATIENCE.toNanos();
        assertThat(sequence.step(patience - 1)).isFalse();
        assertThat(machines.booted).containsExactly(DB);
        assertThat(sequence.step(patience)).isFalse();
        assertThat(machines.booted).containsExactly(DB, CACHE);
        assertThat(sequence.step(2 * patience)).isTrue();
    }

    @Test
    void oneThatCannotBeBootedIsTriedAgain() throws Exception {
        BootSequence sequence = new BootSequence(ALL, ALL, machines);
        machines.broken = true;
        assertThatThrownBy(() -> sequence.step(0)).hasMessage("no room");
        machines.broken = false;
        sequence.step(1);
        assertThat(machines.booted).containsExactly(DB);
    }
}
