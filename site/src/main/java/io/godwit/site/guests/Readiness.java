package io.godwit.site.guests;

import io.godwit.api.VmDefinition;
import io.godwit.core.GodwitException;
import io.godwit.hypervisor.Qemu;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** Whether a machine is ready for those that wait for it: its port accepts a connection, or, if it names none, its guest agent is there. */
final class Readiness {
    private static final int CONNECT_MILLIS = 1_000;

    private Readiness() {}

    static boolean of(VmDefinition vm, Optional<Qemu> machine) {
        return machine.isPresent()
                && vm.readyPort().map(port -> accepts(vm.address(), port)).orElseGet(() -> hasAgent(machine.get()));
    }

    static boolean accepts(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean hasAgent(Qemu machine) {
        try {
            return machine.hasAgent();
        } catch (GodwitException ended) {
            return false;
        }
    }
}
