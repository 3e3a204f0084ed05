package io.godwit.volume;

import io.godwit.core.DiskName;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random changes made to a store's disks, and what the disks must hold at each position because of them. */
final class History {
    /** One change; {@code content} is empty where the range became zeroes. */
    private record Change(Position end, DiskName disk, int offset, int length, ByteBuffer content) {}

    private final Random random;
    private final List<Change> changes = new ArrayList<>();
    private final int maxLength;

    History(Random random, int maxLength) {
        this.random = random;
        this.maxLength = maxLength;
    }

    /** Makes so many changes. */
    void change(GroupStore store, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            DiskSpec spec = store.disks().get(random.nextInt(store.disks().size()));
            int length = 1 + random.nextInt(maxLength);
            int offset = random.nextInt((int) spec.size().bytes() - length + 1);
            changes.add(change(store.disk(spec.name()), offset, length));
        }
    }

    private Change change(Disk disk, int offset, int length) throws IOException {
        int kind = random.nextInt(10);
        if (kind >= 2) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            Position end = disk.write(offset, ByteBuffer.wrap(content));
            return new Change(end, disk.name(), offset, length, ByteBuffer.wrap(content));
        }
        Position end = kind == 0 ? disk.zero(offset, length) : disk.trim(offset, length);
        return new Change(end, disk.name(), offset, length, ByteBuffer.allocate(0));
    }

    /** What the disks hold after all changes that end at or before {@code position}. */
    Map<DiskName, byte[]> at(Position position, List<DiskSpec> disks) {
        Map<DiskName, byte[]> content = new HashMap<>();
        disks.forEach(
                disk -> content.put(disk.name(), new byte[(int) disk.size().bytes()]));
        for (Change change : changes) {
            if (change.end.compareTo(position) > 0) {
                break;
            }
            byte[] bytes = content.get(change.disk);
            if (change.content.hasRemaining()) {
                change.content.get(0, bytes, change.offset, change.length);
            } else {
                Arrays.fill(bytes, change.offset, change.offset + change.length, (byte) 0);
            }
        }
        return content;
    }

    /** Forgets what was changed behind {@code position}: it was lost. */
    void cut(Position position) {
        changes.removeIf(change -> change.end.compareTo(position) > 0);
    }
}
