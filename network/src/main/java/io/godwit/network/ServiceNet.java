package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/**
 * The network in which services have their addresses, the same at every site: a VM that moves finds the same gateway
 * address and the same gateway MAC where it arrives.
 *
 * @param bridge the interface to which this site's VMs are attached
 * @param gateway the gateway's address and the network's prefix length
 */
public record ServiceNet(InterfaceName bridge, Ipv4Interface gateway, MacAddress gatewayMac) {
    private static final int LONGEST_WITH_BROADCAST = 30;

    /** Checks that a machine can have this address here; throws {@code BAD_INPUT} if not. */
    public void requireMember(Ipv4Address address) {
        if (!gateway.contains(address) || address.equals(gateway.address()) || reachesAll(address)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s is not a service address: it must be a host's in %s and differ from the gateway %s"
                            .formatted(address, gateway.network(), gateway.address()));
        }
    }

    private boolean reachesAll(Ipv4Address address) {
        return gateway.prefixLength() <= LONGEST_WITH_BROADCAST
                && (address.equals(gateway.broadcast())
                        || address.equals(gateway.network().address()));
    }

    /** Checks that a machine's network card can have this address here; throws {@code BAD_INPUT} if not. */
    public void requireOther(MacAddress card) {
        if (card.equals(gatewayMac)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s is the gateway's MAC address: give the machine another".formatted(card));
        }
    }
}
