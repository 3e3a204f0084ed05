package io.godwit.core.posix;

import java.io.IOException;

/** A kernel's network of its own, with interfaces, addresses and routes that nothing outside it shares: network_namespaces(7). */
public final class NetworkNamespace {
    private NetworkNamespace() {}

    /**
     * Puts the calling thread, which must be a platform thread, into a new one. It is there until no thread and no process that was started
     * from within is left.
     *
     * @throws ErrnoException if that isn't allowed to this process
     */
    public static void enterNew() throws IOException {
        NativeCall.make("unshare", "the network", state -> (int) Libc.UNSHARE.invokeExact(state, Libc.CLONE_NEWNET));
    }
}
