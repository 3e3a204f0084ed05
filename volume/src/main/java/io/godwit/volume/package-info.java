/**
 * A group's storage: one log in which every write of every disk is a record, base images that follow it, the disks as
 * their guests see them (base and log together).
 */
@NullMarked
package io.godwit.volume;

import org.jspecify.annotations.NullMarked;
