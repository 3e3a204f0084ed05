package io.godwit.bench.scale;

import io.godwit.bench.BetterIs;

/** What is measured of a store, whatever the size of its disk. */
enum ScaleCase {
    /** From the files to a disk that can be used. */
    OPEN("open", "µs", BetterIs.LOWER),
    /** What the whole disk consists of, as block status, maps and seeding ask. */
    EXTENTS("extents", "µs", BetterIs.LOWER),
    READ("read-4k", "IOPS", BetterIs.HIGHER),
    WRITE("write-4k", "IOPS", BetterIs.HIGHER),
    /** Memory for the index of what was written and not applied, a GiB of 4 KiB here and there. */
    INDEX("index", "MB/GiB", BetterIs.LOWER),
    /** Until a replica has all of the content. */
    SEED("seed", "ms", BetterIs.LOWER);

    private final String title;
    private final String unit;
    private final BetterIs betterIs;

    ScaleCase(String title, String unit, BetterIs betterIs) {
        this.title = title;
        this.unit = unit;
        this.betterIs = betterIs;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    BetterIs betterIs() {
        return betterIs;
    }
}
