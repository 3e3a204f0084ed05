package io.godwit.lab.client;

/**
 * The client's counters so far.
 *
 * @param atEpochMillis when this was said
 * @param connected whether there is a connection to Redis
 * @param tcpSilentMillis how long no acknowledgement has come
 * @param udpSilentMillis how long no echo has come
 * @param roundTripMillis round trip of the last echo
 * @param echoes probes that have come back
 */
public record ClientProgress(
        long atEpochMillis,
        TcpCounts tcp,
        UdpCounts udp,
        boolean connected,
        long tcpSilentMillis,
        long udpSilentMillis,
        double roundTripMillis,
        long echoes) {
    /** Whether the service answers on both ways. */
    public boolean working() {
        return tcp.acknowledgedWrites() > 0 && echoes > 0;
    }
}
