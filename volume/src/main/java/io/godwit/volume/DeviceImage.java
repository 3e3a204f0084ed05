package io.godwit.volume;

import io.godwit.core.posix.PosixFile.Access;
import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A base image that is a block device. It is taken exclusively: the kernel refuses it while it is mounted or otherwise in
 * use, and others while we have it. Devices don't tell where they have holes, so all of it counts as data.
 */
record DeviceImage(RawImage raw) implements BaseImage {
    /** A device zeroes and discards whole blocks; no device has larger ones. */
    private static final int BLOCK_BYTES = 4096;

    private interface OnBlocks {
        void change(long offset, long length) throws IOException;
    }

    static DeviceImage open(DiskSpec spec, Path path) throws IOException {
        return new DeviceImage(RawImage.open(spec, path, Access.EXCLUSIVE));
    }

    @Override
    public DiskSpec spec() {
        return raw.spec();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        raw.read(offset, into);
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        raw.prefetch(offset, length);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        raw.write(offset, from);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        onBlocks(offset, length, raw::zero);
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        onBlocks(offset, length, raw::discard);
    }

    /** Lets a change be made of the whole blocks of a range; the parts of blocks at its ends become zeroes. */
    private void onBlocks(long offset, long length, OnBlocks blocks) throws IOException {
        long end = offset + length;
        long from = Math.min(end, (offset + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
        long to = Math.max(from, end / BLOCK_BYTES * BLOCK_BYTES);
        raw.writeZeroes(offset, from - offset);
        if (to > from) {
            blocks.change(from, to - from);
        }
        raw.writeZeroes(to, end - to);
    }

    @Override
    public void sync() throws IOException {
        raw.sync();
    }

    @Override
    public DiskExtent extentAt(long offset, long to) {
        return new DiskExtent(offset, to - offset, Content.DATA);
    }

    @Override
    public void close() {
        raw.close();
    }
}
