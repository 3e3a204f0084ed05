package io.godwit.memory;

import java.io.IOException;
import java.util.List;

/** Where a {@link CheckpointReceiver} puts what it receives: images of machines' RAM that hold one whole checkpoint, or none. */
public interface CheckpointKeeper {
    /**
     * The images that checkpoints of these machines go to, in the same order, each as large as the machine's RAM. They stay mapped until the
     * receiver ends.
     *
     * @throws io.godwit.core.GodwitException if these are not the machines of the group, or there is no room for them
     */
    List<RamFile> images(List<MachineRam> machines) throws IOException, InterruptedException;

    /** Whether the images hold a whole checkpoint now, before this receiver has changed them. */
    boolean imagesAreWhole() throws IOException;

    /**
     * Has the checkpoint take the place of the last one, once the log here has come to its position. From the moment in which {@code images} begins
     * to be carried out until it returns there is no checkpoint at all.
     *
     * @param images brings the images from the last checkpoint to this one; to be called once
     * @param deviceStates of the machines, in their order, as QEMU wrote them
     */
    void replace(CheckpointId id, List<byte[]> deviceStates, Change images) throws IOException, InterruptedException;

    /** A step that can fail. */
    interface Change {
        void carryOut() throws IOException;
    }
}
