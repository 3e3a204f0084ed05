package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store at one moment.
 *
 * @param logBytes bytes of segment files on disk
 * @param followers from where on the log is kept for whom
 * @param overrun followers that were dropped because the log had no room for what they still needed
 * @param imagesAway why an image's server can't be used now, if so: reads of it wait, and nothing is applied
 * @param failure why the store stopped, if it did
 */
public record StoreStatus(
        Role role,
        Term term,
        Position tail,
        Position applied,
        Position durable,
        Position head,
        ByteCount logBytes,
        Map<String, Position> followers,
        Set<String> overrun,
        boolean imagesFull,
        Optional<String> imagesAway,
        Optional<String> failure) {}
