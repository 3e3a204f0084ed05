package io.godwit.lab.client;

/**
 * What the client saw of its UDP probes.
 *
 * @param lost probes that did not come back; while the client runs, of those sent two seconds ago and earlier
 * @param longestGapMillis longest time between one echo and the next
 */
public record UdpCounts(long sent, long lost, long duplicated, long reordered, long longestGapMillis) {}
