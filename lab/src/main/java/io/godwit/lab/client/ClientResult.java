package io.godwit.lab.client;

import java.util.List;

/**
 * What the client reports at its end.
 *
 * @param client the counters for the report
 * @param tcpGaps the longest gaps between acknowledgements, the longest first
 * @param udpGaps the longest gaps between echoes, the longest first
 * @param lostProbesAtEpochMillis when the first of the lost probes were sent
 * @param unverifiedWrites acknowledged writes that could not be looked for, because Redis could no longer be reached;
 *     nothing is known about them, so a run with any has not succeeded
 * @param refusedWrites writes that Redis refused (they are not acknowledged, so none of them is lost)
 */
public record ClientResult(
        ClientReport client,
        List<Gap> tcpGaps,
        List<Gap> udpGaps,
        List<Long> lostProbesAtEpochMillis,
        long unverifiedWrites,
        long refusedWrites) {}
