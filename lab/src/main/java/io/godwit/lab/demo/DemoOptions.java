package io.godwit.lab.demo;

import io.godwit.api.CheckpointWish;
import io.godwit.core.ByteCount;
import io.godwit.lab.LabSpec;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be demonstrated.
 *
 * @param memory of the machine
 * @param compare whether both sides' memory and disks are compared at the switch
 * @param strict whether a missed time makes the demonstration fail
 * @param witness whether the sites and a witness decide when a site is lost, and not a person
 * @param checkpoints how the machine's memory is protected, if it is: then the group is replicated asynchronously
 */
public record DemoOptions(
        Scenario scenario,
        LabSpec lab,
        ByteCount memory,
        Optional<Fault> fault,
        boolean compare,
        boolean strict,
        boolean witness,
        Optional<CheckpointWish> checkpoints) {

    public enum Scenario {
        PLANNED,
        THERE_AND_BACK,
        UNPLANNED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
