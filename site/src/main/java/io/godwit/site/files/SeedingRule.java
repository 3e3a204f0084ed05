package io.godwit.site.files;

import io.godwit.api.SeedingWish;
import io.godwit.core.BitRate;
import io.godwit.replication.Replicator;
import java.util.Optional;
import java.util.OptionalLong;

/** How fast a group's disks may be copied to the peer, as a site remembers it. */
public record SeedingRule(Optional<BitRate> maxRate, boolean paused) {
    static final SeedingRule DEFAULT = new SeedingRule(Optional.empty(), false);
    private static final int BITS_PER_BYTE = 8;

    public SeedingRule with(SeedingWish wish) {
        Optional<BitRate> rate =
                wish.unlimited() ? Optional.empty() : wish.maxRate().or(() -> maxRate);
        return new SeedingRule(rate, wish.paused().orElse(paused));
    }

    public void applyTo(Replicator replicator) {
        OptionalLong bytes = maxRate.map(rate -> OptionalLong.of(rate.bitsPerSecond() / BITS_PER_BYTE))
                .orElse(OptionalLong.empty());
        replicator.paceSeeding(bytes, paused);
    }

    public String sentence() {
        return paused
                ? "copies of the disks are paused"
                : maxRate.map(rate -> "copies of the disks send at most %s".formatted(rate))
                        .orElse("copies of the disks send as much as the link carries");
    }
}
