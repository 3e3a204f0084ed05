package io.godwit.bench.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.List;
import java.util.stream.Collectors;

/** One kind of work; for all of them more is better. */
record NbdCase(String name, String unit, Workload work) {
    /** In the order in which they are measured. */
    static final List<NbdCase> ALL = List.of(
            random("randread", 1),
            random("randread", 16),
            random("randread", 32),
            random("randwrite", 1),
            random("randwrite", 16),
            random("randwrite", 32),
            new NbdCase(
                    "randwrite-4k-qd1-flush",
                    "IOPS",
                    FioWorkload.iops("--rw=randwrite", "--bs=4k", "--iodepth=1", "--fsync=1")),
            new NbdCase(
                    "randwrite-4k-16jobs-flush16",
                    "IOPS",
                    FioWorkload.iops("--rw=randwrite", "--bs=4k", "--iodepth=1", "--numjobs=16", "--fsync=16")),
            new NbdCase(
                    "randrw70-4k-qd16",
                    "IOPS",
                    FioWorkload.iops("--rw=randrw", "--rwmixread=70", "--bs=4k", "--iodepth=16")),
            new NbdCase("read-1m-qd4", "MB/s", FioWorkload.throughput("--rw=read", "--bs=1m", "--iodepth=4")),
            new NbdCase("write-1m-qd4", "MB/s", FioWorkload.throughput("--rw=write", "--bs=1m", "--iodepth=4")),
            new NbdCase("nbdcopy-read", "MB/s", new NbdcopyWorkload()),
            new NbdCase("qemu-img-read-4k-qd16", "IOPS", new QemuImgWorkload(false)),
            new NbdCase("qemu-img-write-4k-qd16", "IOPS", new QemuImgWorkload(true)));

    private static NbdCase random(String pattern, int depth) {
        return new NbdCase(
                "%s-4k-qd%d".formatted(pattern, depth),
                "IOPS",
                FioWorkload.iops("--rw=" + pattern, "--bs=4k", "--iodepth=" + depth));
    }

    /** The cases whose names begin with one of these words; all if there is none. */
    static List<NbdCase> named(List<String> words) {
        for (String word : words) {
            if (ALL.stream().noneMatch(known -> known.name.startsWith(word))) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT, "no case is called '%s': there are %s".formatted(word, names()));
            }
        }
        return ALL.stream()
                .filter(known -> words.isEmpty() || words.stream().anyMatch(known.name::startsWith))
                .toList();
    }

    static String names() {
        return ALL.stream().map(NbdCase::name).collect(Collectors.joining(", "));
    }
}
