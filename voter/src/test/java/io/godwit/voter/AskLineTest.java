package io.godwit.voter;

import static io.godwit.voter.Voters.EAST;
import static io.godwit.voter.Voters.WITNESS;
import static io.godwit.voter.Voters.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.link.LinkServer;
import io.godwit.link.PeerAddress;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter that answers when the test lets it. */
class AskLineTest {
    private static final int MILLIS = 10_000;
    private static final Duration PATIENCE = Duration.ofMillis(MILLIS);
    private static final int AT_ONCE = 8;

    @TempDir
    Path home = Path.of("");

    private final ConcurrentLinkedQueue<Asks> heard = new ConcurrentLinkedQueue<>();
    private final Semaphore answers = new Semaphore(0);
    private Function<Asks, Asks.Replies> voter = asks -> Asks.Replies.toAll(asks, new Ask.Reply.Open());
    private Optional<LinkServer> server = Optional.empty();
    private Optional<PeerCalls> calls = Optional.empty();

    @BeforeEach
    void begin() throws IOException {
        SiteIdentity east = SiteIdentity.create(home.resolve("east"), EAST);
        SiteIdentity witness = SiteIdentity.create(home.resolve("witness"), WITNESS);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        LinkServer listening = new LinkServer(witness, anyPort, this::answer);
        server = Optional.of(listening);
        PeerAddress address = new PeerAddress("127.0.0.1", listening.address().getPort());
        east.join(address, witness.openPairing(Duration.ofMinutes(1)), new PeerAddress("127.0.0.1", 9));
        calls = Optional.of(new PeerCalls(east, WITNESS, 2 * AT_ONCE));
    }

    @AfterEach
    void end() throws IOException {
        calls.orElseThrow().close();
        server.orElseThrow().close();
    }

    private void answer(PeerChannel channel) throws IOException, InterruptedException {
        for (Optional<QuorumFrame> question = QuorumFrame.read(channel.input());
                question.isPresent();
                question = QuorumFrame.read(channel.input())) {
            Asks asks = Asks.read(question.get().body(), EAST);
            heard.add(asks);
            answers.acquire();
            QuorumFrame.answer(Json.bytes(voter.apply(asks))).write(channel.output());
        }
    }

    private AskLine line() {
        return new AskLine(WITNESS, calls.orElseThrow());
    }

    private static Ask ask(int call, int patienceMillis) {
        return new Ask(1, call, patienceMillis, registration(EAST, "group-" + call));
    }

    /** Each is answered by its own number, as if that led. */
    private static Asks.Replies byTheirCalls(Asks asks) {
        return new Asks.Replies(asks.asks().stream()
                .<Ask.Reply>map(ask -> new Ask.Reply.Elsewhere(Optional.of(new SiteName("voter-" + ask.call()))))
                .toList());
    }

    /** Has as many on their way as can be, each alone: those that come at the same instant would go together. */
    private List<Future<Ask.Reply>> fill(AskLine line, ExecutorService groups) throws InterruptedException {
        List<Future<Ask.Reply>> onTheirWay = new ArrayList<>();
        for (int call = 0; call < AT_ONCE; call++) {
            Ask ask = ask(call, MILLIS);
            onTheirWay.add(groups.submit(() -> line.put(ask, PATIENCE)));
            int sent = call + 1;
            Voters.await("those on their way", () -> heard.size() == sent);
        }
        return onTheirWay;
    }

    @Test
    void whatComesWhileOthersAreOnTheirWayGoesTogetherAndEachHearsItsOwnReply() throws Exception {
        voter = AskLineTest::byTheirCalls;
        AskLine line = line();
        int many = AT_ONCE + 3 * Asks.MOST;
        try (ExecutorService groups = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Ask.Reply>> replies = new ArrayList<>(fill(line, groups));
            IntStream.range(AT_ONCE, many)
                    .mapToObj(call -> groups.submit(() -> line.put(ask(call, MILLIS), PATIENCE)))
                    .forEach(replies::add);
            Voters.await("all others", () -> line.waiting() == many - AT_ONCE);
            assertThat(heard).hasSize(AT_ONCE);
            answers.release(many);
            for (int call = 0; call < many; call++) {
                assertThat(replies.get(call).get())
                        .isEqualTo(byTheirCalls(new Asks(List.of(ask(call, MILLIS))))
                                .replies()
                                .getFirst());
            }
        }
        assertThat(heard).hasSizeLessThanOrEqualTo(2 * AT_ONCE);
    }

    @Test
    void whoGivesUpIsNotSentAnyMore() throws Exception {
        AskLine line = line();
        try (ExecutorService groups = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Ask.Reply>> first = fill(line, groups);
            assertThatThrownBy(() -> line.put(ask(99, 100), Duration.ofMillis(100)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("voter witness has not replied within 100 ms");
            answers.release(AT_ONCE);
            for (Future<Ask.Reply> each : first) {
                assertThat(each.get()).isEqualTo(new Ask.Reply.Open());
            }
        }
        assertThat(heard).hasSize(AT_ONCE);
    }

    @Test
    void repliesThatAreTooFewAreNone() {
        voter = asks -> new Asks.Replies(List.of());
        answers.release();
        assertThatThrownBy(() -> line().put(ask(1, MILLIS), PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was asked 1 times and replied 0 times");
    }
}
