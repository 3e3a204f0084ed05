package io.godwit.lab.client;

/**
 * What the client saw on its connection to Redis.
 *
 * @param requests commands sent: every write and every read
 * @param acknowledgedWrites writes that Redis has answered
 * @param lostWrites acknowledged writes that were gone when they were looked for
 * @param wrongReads values that were never written where they were read
 * @param resets established connections that broke
 * @param longestGapMillis longest time between one acknowledgement and the next
 */
public record TcpCounts(
        long requests, long acknowledgedWrites, long lostWrites, long wrongReads, long resets, long longestGapMillis) {}
