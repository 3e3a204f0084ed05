package io.godwit.replication;

import io.godwit.volume.GroupStore;

/**
 * What is needed to send to a replica in one session.
 *
 * @param markBytes content between two marks of seeding
 */
record Sending(GroupStore store, Frames frames, Packer packer, SeedWindow window, SeedReport report, long markBytes) {}
