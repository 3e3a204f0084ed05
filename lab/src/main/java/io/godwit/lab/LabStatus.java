package io.godwit.lab;

import java.util.List;

/** What a lab's keeper says about it. */
public record LabStatus(LabName name, long keeperPid, List<LinkStatus> links, List<ProcessStatus> processes) {
    public LabStatus {
        links = List.copyOf(links);
        processes = List.copyOf(processes);
    }
}
