package io.godwit.lab;

import io.godwit.lab.wire.LaneCounters;
import io.godwit.lab.wire.LinkShape;

/** One direction of a link: what it does, and what it has done. {@code from} is where its frames enter. */
public record LinkStatus(String link, Place from, Place to, boolean up, LinkShape shape, LaneCounters counters) {}
