package io.godwit.bench.replication;

import java.util.List;

/**
 * The writes by which bytes on the WAN are judged, 200 MB in 8 s: half of them 4 KiB in a hot set of 32 MiB of which a
 * fifth gets four fifths; a fifth a journal of 16 MiB written round and round, with flushes; a fifth that nothing
 * compresses; a tenth zeroes. What compresses does so to about a half.
 */
final class StandardMix {
    static final List<String> FIO = List.of(
            "--name=hot",
            "--rw=randwrite",
            "--bs=4k",
            "--iodepth=4",
            "--offset=0",
            "--size=32m",
            "--io_size=100m",
            "--random_distribution=zoned:80/20:20/80",
            "--rate=12m",
            "--refill_buffers",
            "--buffer_compress_percentage=50",
            "--name=journal",
            "--rw=write",
            "--bs=64k",
            "--offset=64m",
            "--size=16m",
            "--io_size=40m",
            "--fsync=16",
            "--rate=5m",
            "--refill_buffers",
            "--buffer_compress_percentage=50",
            "--name=media",
            "--rw=randwrite",
            "--bs=16k",
            "--offset=80m",
            "--size=128m",
            "--io_size=40m",
            "--rate=5m",
            "--refill_buffers",
            "--name=zeroes",
            "--rw=randwrite",
            "--bs=64k",
            "--offset=208m",
            "--size=48m",
            "--io_size=20m",
            "--rate=2500k",
            "--zero_buffers");

    private StandardMix() {}
}
