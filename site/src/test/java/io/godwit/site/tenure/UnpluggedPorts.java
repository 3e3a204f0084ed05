package io.godwit.site.tenure;

import io.godwit.network.InterfaceName;
import io.godwit.network.PortLeases;
import java.util.Collection;

/** An edge to which nothing is plugged in. */
public final class UnpluggedPorts implements PortLeases {
    @Override
    public void govern(Collection<InterfaceName> ports) {}

    @Override
    public void allow(Collection<InterfaceName> ports, long untilNanos) {}

    @Override
    public void revoke(Collection<InterfaceName> ports) {}

    @Override
    public boolean isRevoked(Collection<InterfaceName> ports) {
        return true;
    }

    @Override
    public void close() {}
}
