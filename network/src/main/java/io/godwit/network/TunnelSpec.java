package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/**
 * One end of a VXLAN tunnel between the edges of two sites; the other end is the same with both pairs exchanged.
 *
 * @param device the tunnel's interface at this site
 * @param vni the tunnel's number, from 1 to 16,777,215, the same at both ends
 * @param localUnderlay this edge's address on the path between the sites
 * @param remoteUnderlay the other edge's address on that path
 * @param localInner this end's address inside the tunnel
 * @param remoteInner the other end's address inside the tunnel, in the network of {@code localInner}
 */
public record TunnelSpec(
        InterfaceName device,
        int vni,
        Ipv4Address localUnderlay,
        Ipv4Address remoteUnderlay,
        Ipv4Interface localInner,
        Ipv4Address remoteInner) {
    private static final int MAX_VNI = (1 << 24) - 1;

    public TunnelSpec {
        if (vni < 1 || vni > MAX_VNI) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a tunnel's number must be from 1 to 16777215, not " + vni);
        }
        if (localUnderlay.equals(remoteUnderlay)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a tunnel needs two ends, both are " + localUnderlay);
        }
        if (!localInner.contains(remoteInner) || localInner.address().equals(remoteInner)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the inner ends of tunnel %s must be two addresses of one network, not %s and %s"
                            .formatted(device, localInner, remoteInner));
        }
    }
}
