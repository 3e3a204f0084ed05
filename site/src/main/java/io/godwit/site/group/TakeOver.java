package io.godwit.site.group;

import io.godwit.core.DurableFile;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.move.IncomingMove;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A take-over made ready while the guest still runs at the source, so that in its pause little is left to do: the record that says it, on
 * the disk in all but its name, and the parts that will serve.
 */
final class TakeOver {
    private static final Logger LOG = System.getLogger(TakeOver.class.getName());

    private final GroupRecord record;
    private final DurableFile.Staged staged;
    private final Serving serving;

    private TakeOver(GroupRecord record, DurableFile.Staged staged, Serving serving) {
        this.record = record;
        this.staged = staged;
        this.serving = serving;
    }

    static TakeOver prepare(SiteContext site, GroupFiles files, GroupRecord record, IncomingMove move) {
        DurableFile.Staged staged = files.stage(record);
        return new TakeOver(record, staged, new Serving(site, record, move.front(), move.guests(), move.ports()));
    }

    GroupRecord record() {
        return record;
    }

    /** The commit point: from here on the group is this site's, whatever happens next. */
    void commit() {
        try {
            staged.commit();
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "the hand-over of %s cannot be written down".formatted(record.name()), failed);
        }
    }

    /** What serves, once the take-over is committed. */
    Serving serving() {
        return serving;
    }

    /** Nothing comes of it; the disks and machines that it was made for stay as they are. */
    void discard() {
        serving.dismiss();
        try {
            staged.discard();
        } catch (IOException left) {
            LOG.log(Level.INFO, "a record that did not come true is left beside that of {0}", record.name());
        }
    }
}
