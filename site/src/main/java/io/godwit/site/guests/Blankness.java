package io.godwit.site.guests;

import io.godwit.api.VmDefinition;
import io.godwit.core.VmName;
import io.godwit.site.files.GroupFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which machines have lost their memory, and haven't got their essential state back since. It is known to the next daemon as well, for as long as the
 * machine lives.
 */
public record Blankness(GroupFiles files) {
    private static final Logger LOG = System.getLogger(Blankness.class.getName());

    /** Notes that a machine is about to be booted; only of one that has essential state. */
    void note(VmDefinition vm) throws IOException {
        if (vm.essential().isPresent()) {
            Path note = files.blank(vm.name());
            Files.createDirectories(files.guestDirectory(vm.name()));
            if (!Files.exists(note)) {
                Files.createFile(note);
            }
        }
    }

    /** Notes that a machine has restarted by itself. */
    void noteRestart(VmDefinition vm) {
        try {
            note(vm);
        } catch (IOException full) {
            LOG.log(Level.ERROR, "machine {0} has restarted, which can''t be noted: {1}", vm.name(), full.getMessage());
        }
    }

    public boolean of(VmName vm) {
        return Files.exists(files.blank(vm));
    }

    /** It has its state, or goes on with a memory that has it. */
    public void forget(VmName vm) throws IOException {
        Files.deleteIfExists(files.blank(vm));
    }
}
