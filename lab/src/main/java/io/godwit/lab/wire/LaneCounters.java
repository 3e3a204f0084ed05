package io.godwit.lab.wire;

/**
 * What one direction of a link did since it was made. Frames that came in are those delivered, lost, dropped, cut, and
 * those still under way.
 *
 * @param lost at random, by the link's loss
 * @param dropped because the queue was full
 * @param cut because the link was down
 * @param refused by the device at the far end, which was down
 */
public record LaneCounters(
        long deliveredFrames, long deliveredBytes, long lost, long dropped, long cut, long refused) {}
