package io.godwit.volume;

import io.godwit.volume.Overlay.Piece;

/** What a disk's content is made of: the base image and, over it, what the log says that was not applied yet. */
record DiskLayers(BaseImage base, Overlay overlay) {
    DiskSpec spec() {
        return base.spec();
    }

    /** Forgets what the base image holds by now. */
    void applied(Piece piece, long before) {
        overlay.drop(piece.offset(), piece.end(), before);
    }
}
