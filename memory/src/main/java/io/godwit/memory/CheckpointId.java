package io.godwit.memory;

import io.godwit.core.Position;
import io.godwit.core.Term;

/**
 * Names a checkpoint of a group: the memory of all its machines as it was when their disks were as at a position of the group's log.
 *
 * @param number counts up from 1 for as long as one sender and one receiver talk
 * @param position of the log, in the history of {@code term}
 * @param epochMillis when the machines stood still for it, by the owner's clock
 */
public record CheckpointId(int number, Term term, Position position, long epochMillis) {}
