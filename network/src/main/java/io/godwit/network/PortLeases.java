package io.godwit.network;

import java.util.Collection;

/** Until when the machines at a site's ports may be heard. {@link LeasedPorts} has the kernel see to it. */
public interface PortLeases extends AutoCloseable {
    /** From now on nothing is heard of these ports without a lease. They need not exist yet. */
    void govern(Collection<InterfaceName> ports);

    /** Machines at these ports may be heard until then, on {@link io.godwit.core.posix.BootClock}. Doesn't wait until it is so. */
    void allow(Collection<InterfaceName> ports, long untilNanos);

    /** Nothing is to be heard of these ports any more, whatever an earlier run of this program allowed. Doesn't wait; see {@link #isRevoked}. */
    void revoke(Collection<InterfaceName> ports);

    /** Whether nothing can be heard of these ports since they were revoked. */
    boolean isRevoked(Collection<InterfaceName> ports);

    /** Changes nothing any more; what was allowed runs out. */
    @Override
    void close();
}
