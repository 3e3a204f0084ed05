package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import java.util.List;
import java.util.Optional;

/**
 * What came of a test failover: a group's machines booted from copies of its disks, in a network that leads nowhere, while the group went on.
 *
 * @param point of the group's past that the disks were opened at
 * @param passed whether every machine answered in time and took its essential state, and the check, if one was asked for, ended with 0
 * @param check empty where none was asked for, or a machine didn't answer
 * @param kept whether the machines still run, for people to look at
 * @param millis from the request until that was known
 */
public record FailoverTestReport(
        GroupName group,
        SiteName site,
        PointsReport.Point point,
        boolean passed,
        List<Machine> machines,
        Optional<Check> check,
        boolean kept,
        long millis) {
    public FailoverTestReport {
        machines = List.copyOf(machines);
    }

    /**
     * A machine.
     *
     * @param answeredMillis from the start of its boot until its address answered; empty if it didn't
     * @param tookState whether it took its essential state in time; empty if none was saved at that point, or it didn't get so far
     */
    public record Machine(
            VmName name,
            String address,
            Optional<Long> answeredMillis,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> tookState) {}

    /**
     * A command that was run in the machines' network, for the last time.
     *
     * @param exitCode -1 if it was ended because the time was up
     * @param output the beginning of what it said
     */
    public record Check(String command, int exitCode, String output) {}
}
