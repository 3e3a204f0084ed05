package io.godwit.bench.nbd;

import java.io.IOException;
import java.nio.file.Path;

/** A server that takes part: it runs and offers one disk of the same size and content as the others do. */
interface Contender extends AutoCloseable {
    /** The name in the report. */
    String name();

    /** Where fio, nbdcopy and qemu-img find the disk. */
    String uri();

    /** The raw file under it. */
    Path image();

    /** Puts to rest what an earlier run has left to do, so that it isn't done in the next one's time. */
    void settle() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
