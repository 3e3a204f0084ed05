package io.godwit.network;

/** What went through a tunnel since it was built, as its interface at this site counted. */
public record TunnelCounters(long receivedPackets, long receivedBytes, long sentPackets, long sentBytes, long dropped) {
    /** Packets in both directions; a tunnel is silent while this stays the same. */
    public long packets() {
        return receivedPackets + sentPackets;
    }
}
