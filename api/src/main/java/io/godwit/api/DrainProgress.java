package io.godwit.api;

import io.godwit.core.GroupName;
import java.util.Optional;

/**
 * Something that happened in a drain, or how the move under way goes on.
 *
 * @param atMillis since the drain began
 * @param group which it is about, if about one
 * @param move where its move stands; empty where {@code sentence} is something that happened
 */
public record DrainProgress(long atMillis, Optional<GroupName> group, String sentence, Optional<MoveProgress> move) {}
