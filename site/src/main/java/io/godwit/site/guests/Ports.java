package io.godwit.site.guests;

import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.network.Edge;
import io.godwit.network.InterfaceName;
import io.godwit.network.Ipv4Address;
import io.godwit.network.MacAddress;
import io.godwit.network.Placement;
import io.godwit.network.ServicePort;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/** Where a group's machines are plugged into this site's edge. */
public final class Ports {
    private final Edge edge;
    private final GroupDefinition definition;

    public Ports(Edge edge, GroupDefinition definition) {
        this.edge = edge;
        this.definition = definition;
    }

    public void attach(Placement placement) {
        edge.setUpServiceNet();
        definition.vms().forEach(vm -> edge.attach(of(definition.name(), vm), placement));
    }

    public void detach() {
        definition.vms().forEach(vm -> edge.detach(of(definition.name(), vm)));
    }

    public List<ServicePort> all() {
        return definition.vms().stream().map(vm -> of(definition.name(), vm)).toList();
    }

    public List<Ipv4Address> addresses() {
        return all().stream().map(ServicePort::address).toList();
    }

    /** The name of a machine's TAP: the same at every site and after every restart, within Linux's 15 characters. */
    public static String tap(GroupName group, VmName vm) {
        CRC32 sum = new CRC32();
        sum.update("%s/%s".formatted(group, vm).getBytes(StandardCharsets.UTF_8));
        return "gwp%08x".formatted(sum.getValue());
    }

    /** Where one machine of a group is plugged in. */
    public static ServicePort of(GroupName group, VmDefinition vm) {
        return new ServicePort(
                new InterfaceName(tap(group, vm.name())), Ipv4Address.parse(vm.address()), new MacAddress(vm.mac()));
    }
}
