package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** One disk of a {@link PointView}, as a device that is only read. */
public final class PointDisk implements BlockDevice {
    private final PointView point;
    private final DiskSpec spec;

    PointDisk(PointView point, DiskSpec spec) {
        this.point = point;
        this.spec = spec;
    }

    public DiskName name() {
        return spec.name();
    }

    @Override
    public ByteCount size() {
        return spec.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        point.read(spec.name(), offset, into);
    }

    @Override
    public List<DiskExtent> extents(long offset, long length, int limit) throws IOException {
        return point.extents(spec.name(), offset, length, limit);
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        point.prefetch(spec.name(), offset, length);
    }

    @Override
    public Position head() {
        return point.position();
    }

    @Override
    public Position write(long offset, ByteBuffer from) {
        throw new UnsupportedOperationException("the past can't be written");
    }

    @Override
    public Position zero(long offset, long length) {
        throw new UnsupportedOperationException("the past can't be written");
    }

    @Override
    public Position trim(long offset, long length) {
        throw new UnsupportedOperationException("the past can't be written");
    }
}
