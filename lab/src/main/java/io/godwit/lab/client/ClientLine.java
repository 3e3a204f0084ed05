package io.godwit.lab.client;

import org.jspecify.annotations.Nullable;

/** One line of JSON from the client to its parent: exactly one of the two. */
record ClientLine(
        @Nullable ClientProgress progress, @Nullable ClientResult result) {}
