package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a copy of a group's disks is: of which group, as of which end of its log, and what must be in each disk's file. A text
 * file like those of a store, with a checksum of its own.
 *
 * @param at when it was made, in seconds since 1970
 */
public record CopyManifest(GroupName group, Term term, LogEnd end, long at, List<Disk> disks) {
    /** No manifest is larger. */
    static final int MAX_BYTES = 64 << 10;

    static final String TITLE = "godwit-copy 1";
    private static final int LINES_BESIDE_DISKS = 5;
    private static final int DISK_WORDS = 4;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /**
     * A disk of the copy.
     *
     * @param content bytes that are not in runs of zeroes
     * @param digest of the content as {@link DiskDigest} has it, in hexadecimal digits
     */
    public record Disk(DiskName name, ByteCount size, ByteCount content, String digest) {
        public Disk {
            if (size.bytes() == 0
                    || size.bytes() % DiskSpec.SIZE_UNIT_BYTES != 0
                    || content.compareTo(size) > 0
                    || !DIGEST.matcher(digest).matches()) {
                throw new GodwitException(ErrorCode.CORRUPT, "disk %s can't be like that".formatted(name));
            }
        }

        private static Disk of(String[] words) {
            return new Disk(new DiskName(words[0]), bytes(words[1]), bytes(words[2]), words[3]);
        }

        private String line() {
            return "disk %s %d %d %s".formatted(name, size.bytes(), content.bytes(), digest);
        }
    }

    public CopyManifest {
        disks = List.copyOf(disks);
        Set<DiskName> names = new HashSet<>();
        disks.forEach(disk -> names.add(disk.name()));
        if (disks.isEmpty() || disks.size() > GroupStore.MAX_DISKS || names.size() < disks.size()) {
            throw new GodwitException(
                    ErrorCode.CORRUPT, "a group has 1 to %d disks of different names".formatted(GroupStore.MAX_DISKS));
        }
    }

    /** Bytes of content on all disks. */
    public ByteCount content() {
        return new ByteCount(
                disks.stream().mapToLong(disk -> disk.content().bytes()).sum());
    }

    /**
     * What the file says.
     *
     * @throws GodwitException NOT_FOUND if there is none, BAD_INPUT if it isn't as it was written
     */
    static CopyManifest read(DurableFile file) throws IOException {
        if (Files.exists(file.path()) && Files.size(file.path()) > MAX_BYTES) {
            throw new GodwitException(ErrorCode.BAD_INPUT, file.path() + " is too large to be a copy's manifest");
        }
        try {
            return of(StateText.read(file, TITLE));
        } catch (GodwitException strange) {
            throw strange.code() == ErrorCode.NOT_FOUND
                    ? strange
                    : new GodwitException(
                            ErrorCode.BAD_INPUT,
                            "%s is no manifest of a copy: %s".formatted(file.path(), strange.sentence()),
                            strange);
        }
    }

    /** @throws GodwitException CORRUPT or BAD_INPUT if a manifest can't say that */
    static CopyManifest of(StateText text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException negative) {
            throw new GodwitException(ErrorCode.CORRUPT, String.valueOf(negative.getMessage()), negative);
        }
    }

    private static CopyManifest parse(StateText text) {
        List<Disk> disks =
                text.values("disk", DISK_WORDS).stream().map(Disk::of).toList();
        if (text.lines().size() != LINES_BESIDE_DISKS + disks.size()) {
            throw new GodwitException(ErrorCode.CORRUPT, "it has lines that mean nothing");
        }
        LogEnd end = new LogEnd(new Position(text.number("position")), (int) text.number("chain"));
        return new CopyManifest(
                new GroupName(text.value("group")), new Term(text.number("term")), end, text.number("at"), disks);
    }

    private static ByteCount bytes(String word) {
        return new ByteCount(StateText.parse(word));
    }

    void write(DurableFile file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("group " + group);
        lines.add("term " + term);
        lines.add("position " + end.position());
        lines.add("chain " + Integer.toUnsignedLong(end.chain()));
        lines.add("at " + at);
        disks.forEach(disk -> lines.add(disk.line()));
        new StateText(TITLE, lines).write(file);
    }
}
