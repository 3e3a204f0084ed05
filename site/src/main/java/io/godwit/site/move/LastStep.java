package io.godwit.site.move;

import java.io.IOException;

/** One of the things that are done at once while the guest stands still. */
interface LastStep {
    void take() throws IOException, InterruptedException;
}
