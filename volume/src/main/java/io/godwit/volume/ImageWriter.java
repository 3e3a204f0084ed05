package io.godwit.volume;

import io.godwit.core.posix.ErrnoException;
import io.godwit.volume.Overlay.Piece;
import io.godwit.volume.libnbd.ServerAwayException;
import java.io.IOException;
import java.util.List;

/** Writes changes of the log into the base images, durably, or says what stands against it now. For one thread. */
final class ImageWriter {
    private static final System.Logger LOG = System.getLogger(ImageWriter.class.getName());

    private final List<DiskLayers> disks;
    private final GroupLog log;

    ImageWriter(List<DiskLayers> disks, GroupLog log) {
        this.disks = disks;
        this.log = log;
    }

    /** What came of a step. If it isn't done it is repeated as a whole. */
    enum Attempt {
        DONE,
        /** There is no room for it now. */
        FULL,
        /** The server of an image is away. */
        AWAY
    }

    /** Something that is written down about the images. */
    interface Note {
        void write() throws IOException;
    }

    Attempt tryApply(ApplyBatch changes) throws IOException {
        try {
            for (int disk = 0; disk < disks.size(); disk++) {
                apply(changes, changes.ofDisk(disk), disks.get(disk).base());
            }
            return Attempt.DONE;
        } catch (ErrnoException failed) {
            if (!failed.noSpace()) {
                throw failed;
            }
            log.giveUpRetired();
            return notYet(Attempt.FULL, failed);
        } catch (ServerAwayException away) {
            return notYet(Attempt.AWAY, away);
        }
    }

    static Attempt trySave(Note note) {
        try {
            note.write();
            return Attempt.DONE;
        } catch (IOException failed) {
            return notYet(Attempt.FULL, failed);
        }
    }

    /** The images hold these changes: reads need not look for them in the log any more. */
    void applied(ApplyBatch changes) {
        for (int disk = 0; disk < disks.size(); disk++) {
            DiskLayers layers = disks.get(disk);
            changes.ofDisk(disk).forEach(piece -> layers.applied(piece, changes.end()));
        }
    }

    private static Attempt notYet(Attempt attempt, IOException failed) {
        System.Logger.Level level = attempt == Attempt.FULL ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        LOG.log(level, "cannot apply the log to the disk images yet: {0}", failed.getMessage());
        return attempt;
    }

    private static void apply(ApplyBatch changes, List<Piece> pieces, BaseImage base) throws IOException {
        for (Piece piece : pieces) {
            switch (piece.kind()) {
                case WRITE -> base.write(piece.offset(), changes.content(piece));
                case ZERO -> base.zero(piece.offset(), piece.length());
                case TRIM -> base.discard(piece.offset(), piece.length());
                case MARK, TERM -> throw new IllegalStateException("nothing to apply in a " + piece.kind());
            }
        }
        if (!pieces.isEmpty()) {
            base.sync();
        }
    }
}
