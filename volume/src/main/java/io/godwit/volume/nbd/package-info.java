/** The disks of a group as network block devices: the NBD protocol, fixed newstyle, on a unix socket. What is offered: docs/nbd.md. */
@NullMarked
package io.godwit.volume.nbd;

import org.jspecify.annotations.NullMarked;
