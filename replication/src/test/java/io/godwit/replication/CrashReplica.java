package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.HistoryWindow;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The process at the replica that {@link TwoSidedCrashTest} kills: it says at which port it listens, and follows. */
final class CrashReplica {
    /** No diary is kept of what is written there. */
    static final DiskName LOAD = new DiskName("load");

    private CrashReplica() {}

    /** Arguments: the site's directory, the disks' size, bytes of history. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        HistoryWindow history = new HistoryWindow(new ByteCount(Long.parseLong(arguments[2])), Duration.ofHours(1));
        Replica replica = open(directory, new ByteCount(Long.parseLong(arguments[1])), history);
        Thread.ofPlatform().daemon().start(CrashReplica::endWithTheTest);
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            System.out.println(listener.getLocalPort());
            while (true) {
                Socket socket = listener.accept();
                Thread.ofPlatform().daemon().start(() -> follow(replica, socket));
            }
        }
    }

    static Replica open(Path directory, ByteCount disk, HistoryWindow history) {
        return new Replica(TwoSites.SHOP, directory.resolve("store"), disks(directory, disk), TwoSites.LIMITS, history);
    }

    static List<DiskSpec> disks(Path directory, ByteCount size) {
        return Stream.of(TwoSites.ROOT, TwoSites.DATA, LOAD)
                .map(DiskName::value)
                .map(name -> new DiskSpec(new DiskName(name), size, directory.resolve(name + ".raw")))
                .toList();
    }

    private static void endWithTheTest() {
        try {
            while (System.in.read() >= 0) {
                // It has nothing to say.
            }
        } catch (java.io.IOException gone) {
            // That is an end as well.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void follow(Replica replica, Socket socket) {
        try (socket) {
            replica.run(new SocketChannel(socket));
        } catch (Exception ended) {
            CrashSource.complainOf(ended);
        }
    }
}
