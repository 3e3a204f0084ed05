package io.godwit.site.guests;

import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Qemu;
import io.godwit.hypervisor.VmState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** A disk that reported an error has stopped its machine before the guest could see it. */
record DiskError(VmName vm, Qemu machine) {
    private static final Logger LOG = System.getLogger(DiskError.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Has the request tried again until it succeeds. */
    void tryAgain() {
        try {
            do {
                LOG.log(Level.WARNING, "a disk of machine {0} reported an error; it is tried again", vm);
                Thread.sleep(PAUSE);
                if (machine.state() == VmState.IO_ERROR) {
                    machine.resume();
                }
            } while (machine.state() == VmState.IO_ERROR);
        } catch (GodwitException ended) {
            LOG.log(Level.WARNING, "machine {0} cannot be resumed: {1}", vm, ended.sentence());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
