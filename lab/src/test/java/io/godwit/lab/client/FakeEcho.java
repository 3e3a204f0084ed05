package io.godwit.lab.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A UDP echo that drops probe 10, answers probe 20 twice, and answers probe 30 after probe 31; others as they come. */
final class FakeEcho implements Closeable {
    private static final int DROPPED = 10;
    private static final int DOUBLED = 20;
    private static final int DELAYED = 30;

    private final DatagramSocket socket =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final boolean faulty;

    FakeEcho(boolean faulty) throws IOException {
        this.faulty = faulty;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        DatagramPacket held = null;
        try {
            for (int number = 0; ; number++) {
                DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                socket.receive(packet);
                if (faulty && number == DELAYED) {
                    held = packet;
                } else {
                    answer(packet, number);
                    held = release(held);
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void answer(DatagramPacket packet, int number) throws IOException {
        int times = !faulty ? 1 : number == DROPPED ? 0 : number == DOUBLED ? 2 : 1;
        for (int time = 0; time < times; time++) {
            socket.send(packet);
        }
    }

    private @Nullable DatagramPacket release(@Nullable DatagramPacket held) throws IOException {
        if (held != null) {
            socket.send(held);
        }
        return null;
    }

    @Override
    public void close() {
        socket.close();
    }
}
