/** Changes to the kernel's routing table that must be atomic and fast: one message on an rtnetlink socket, acknowledged. */
@NullMarked
package io.godwit.network.netlink;

import org.jspecify.annotations.NullMarked;
