package io.godwit.lab;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.wire.LinkShape;
import java.time.Duration;

/**
 * What a lab is to be like.
 *
 * @param wan each direction of the link between the sites
 * @param wanMtu the largest IP packet in bytes on that link; 1,600 lets a full service packet through a tunnel
 * @param access each direction of the links between the core and a site
 * @param client each direction of the link between the client and the core
 * @param siteDisk the size of the disk that each site has of its own
 * @param seed of the random numbers that choose which frames are lost
 */
public record LabSpec(
        LabName name, LinkShape wan, int wanMtu, LinkShape access, LinkShape client, ByteCount siteDisk, long seed) {
    private static final int LEAST_MTU = 600;
    private static final int MOST_MTU = 9_000;
    private static final int USUAL_WAN_MTU = 1_600;
    private static final ByteCount LEAST_SITE_DISK = ByteCount.ofMiB(64);
    private static final ByteCount USUAL_SITE_DISK = ByteCount.ofMiB(8 * 1024);
    private static final BitRate NEARBY_RATE = BitRate.parse("1gbit");

    public LabSpec {
        if (wanMtu < LEAST_MTU || wanMtu > MOST_MTU) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the MTU between the sites must be from 600 to 9000 bytes, not " + wanMtu);
        }
        if (siteDisk.compareTo(LEAST_SITE_DISK) < 0) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a site's disk must have at least 64 MiB, not " + siteDisk);
        }
    }

    /** 40 ms and 100 Mbit/s between the sites, a few milliseconds and 1 Gbit/s to the core, 8 GiB of disk at each site. */
    public static LabSpec usual(LabName name) {
        return new LabSpec(
                name,
                LinkShape.of(Duration.ofMillis(40), BitRate.parse("100mbit"), 0),
                USUAL_WAN_MTU,
                LinkShape.of(Duration.ofMillis(4), NEARBY_RATE, 0),
                LinkShape.of(Duration.ofMillis(2), NEARBY_RATE, 0),
                USUAL_SITE_DISK,
                1);
    }

    public LabSpec withWan(LinkShape changed) {
        return new LabSpec(name, changed, wanMtu, access, client, siteDisk, seed);
    }

    public LabSpec withWanMtu(int changed) {
        return new LabSpec(name, wan, changed, access, client, siteDisk, seed);
    }

    public LabSpec withSiteDisk(ByteCount changed) {
        return new LabSpec(name, wan, wanMtu, access, client, changed, seed);
    }
}
