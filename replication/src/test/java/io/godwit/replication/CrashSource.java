package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The process at the source that {@link TwoSidedCrashTest} kills: a store, its NBD server, and its replicator, which dials
 * and dials again. Its orders come by standard input, a line each, and are answered by a line; when that ends, it does.
 */
final class CrashSource {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REDIAL_MILLIS = 30;

    private static final Set<String> COMPLAINTS = ConcurrentHashMap.newKeySet();

    private CrashSource() {}

    /** Arguments: the store's directory, the NBD socket, the replica's port, the mode, bytes of history. */
    public static void main(String[] arguments) throws Exception {
        HistoryWindow history = new HistoryWindow(new ByteCount(Long.parseLong(arguments[4])), Duration.ofHours(1));
        GroupStore store = GroupStore.open(Path.of(arguments[0]), TwoSites.STORE, history);
        Replicator replicator =
                new Replicator(TwoSites.SHOP, store, TwoSites.POLICY.with(mode(arguments[3])), TwoSites.LIMITS);
        NbdServer server = new NbdServer(
                Path.of(arguments[1]),
                store.disks().stream()
                        .map(DiskSpec::name)
                        .map(name -> new NbdExport(name.value(), store.disk(name), replicator))
                        .toList());
        int port = Integer.parseInt(arguments[2]);
        Thread.ofPlatform().daemon().start(() -> ship(replicator, port));
        System.out.println("ready");
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(obey(order, store, replicator));
            }
        } finally {
            server.close();
            Runtime.getRuntime().halt(0);
        }
    }

    private static Mode mode(String word) {
        return Mode.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static void ship(Replicator replicator, int port) {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                replicator.run(new SocketChannel(socket));
            } catch (Exception ended) {
                complainOf(ended);
            }
            try {
                Thread.sleep(REDIAL_MILLIS);
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
        }
    }

    /** Broken channels belong to the test; but whoever looks for the reason of a standstill wants to see each once. */
    static void complainOf(Exception ended) {
        String complaint = "session ended: " + ended;
        if (COMPLAINTS.add(complaint)) {
            System.err.println(complaint);
        }
    }

    private static String obey(String order, GroupStore store, Replicator replicator) throws InterruptedException {
        String[] words = order.split(" ", 2);
        return switch (words[0]) {
            case "mode" ->
                replicator
                                .become(replicator.policy().with(mode(words[1])), PATIENCE, forecast -> {})
                                .done()
                        ? "yes"
                        : "no";
            case "caught-up" -> {
                Position head = store.head();
                yield replicator.awaitRemoteDurable(head, PATIENCE) ? head.toString() : "no";
            }
            default -> throw new IllegalArgumentException(order);
        };
    }
}
