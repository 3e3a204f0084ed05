package io.godwit.voter;

import static io.godwit.voter.Voters.EAST;
import static io.godwit.voter.Voters.WITNESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.link.LinkServer;
import io.godwit.link.PeerAddress;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import io.godwit.voter.QuorumFrame.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final QuorumFrame QUESTION = new QuorumFrame(Kind.HELLO, new byte[] {1});

    @TempDir
    Path home = Path.of("");

    private final AtomicInteger channels = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Semaphore answers = new Semaphore(0);

    private void answer(PeerChannel channel) throws IOException, InterruptedException {
        channels.incrementAndGet();
        while (QuorumFrame.read(channel.input()).isPresent()) {
            asked.countDown();
            answers.acquire();
            QuorumFrame.answer(new byte[] {2}).write(channel.output());
        }
    }

    /** Or a voter whose peer is slow would be at the beginning each time. */
    @Test
    void whoGivesUpAQuestionLeavesItsChannelToTheNextOne() throws Exception {
        SiteIdentity east = SiteIdentity.create(home.resolve("east"), EAST);
        SiteIdentity slow = SiteIdentity.create(home.resolve("witness"), WITNESS);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LinkServer server = new LinkServer(slow, anyPort, this::answer)) {
            PeerAddress address = new PeerAddress("127.0.0.1", server.address().getPort());
            east.join(address, slow.openPairing(Duration.ofMinutes(1)), new PeerAddress("127.0.0.1", 9));
            try (PeerCalls calls = new PeerCalls(east, WITNESS, 1)) {
                FutureTask<byte[]> impatient = new FutureTask<>(() -> calls.ask(QUESTION, PATIENCE));
                Thread voting = Thread.ofPlatform().start(impatient);
                asked.await();
                voting.interrupt();
                assertThatThrownBy(impatient::get).hasCauseInstanceOf(InterruptedIOException.class);
                answers.release(2);
                assertThat(calls.ask(QUESTION, PATIENCE)).containsExactly(2);
                assertThat(channels).hasValue(1);
            }
        }
    }
}
