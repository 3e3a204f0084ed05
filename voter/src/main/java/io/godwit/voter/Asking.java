package io.godwit.voter;

import io.godwit.core.SiteName;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Brings this site's commands to whoever leads the voters, again and again until there is an answer or the time is over. If the leader isn't heard,
 * another voter passes them on.
 */
final class Asking {
    private static final Logger LOG = System.getLogger(Asking.class.getName());

    /** A leader that has not answered by then may be none any more. */
    private static final Duration ATTEMPT = Duration.ofMillis(700);

    private static final Duration PAUSE = Duration.ofMillis(25);

    /** Whoever was not heard is left alone for so long, if others are: it takes time to find out again. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final SiteName own;
    private final List<SiteName> others;
    private final Map<SiteName, AskLine> peers;
    private final Optional<Submission> submission;
    private final long run = new SecureRandom().nextLong();
    private final AtomicLong calls = new AtomicLong();
    private final Map<SiteName, Long> silentSinceNanos = new ConcurrentHashMap<>();
    private volatile Optional<SiteName> helped = Optional.empty();

    /** @param submission into this site's own voter; none if that doesn't work: the others may answer all the same */
    Asking(SiteName own, VoterList voters, Map<SiteName, AskLine> peers, Optional<Submission> submission) {
        this.own = own;
        this.others = voters.others(own);
        this.peers = Map.copyOf(peers);
        this.submission = submission;
    }

    Optional<QuorumAnswer> ask(QuorumCommand command, Duration atMost) throws InterruptedException {
        if (!command.site().equals(own)) {
            throw new IllegalArgumentException("%s gives no commands in the name of %s".formatted(own, command.site()));
        }
        long call = calls.incrementAndGet();
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
        Optional<SiteName> hint = Optional.empty();
        for (int attempt = 0; end - System.nanoTime() > 0; attempt++) {
            Duration rest = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            Duration patience = rest.compareTo(ATTEMPT) < 0 ? rest : ATTEMPT;
            Ask ask = new Ask(run, call, Math.toIntExact(patience.toMillis()), command);
            switch (put(ask, whom(hint, attempt), patience)) {
                case Ask.Reply.Agreed(QuorumAnswer answer) -> {
                    return Optional.of(answer);
                }
                case Ask.Reply.Elsewhere(Optional<SiteName> leader) -> hint = leader;
                case Ask.Reply.Open open -> hint = Optional.empty();
            }
            Thread.sleep(PAUSE);
        }
        return Optional.empty();
    }

    /** Whoever is said to lead, or has helped last; else each in turn: one of them knows, or can pass it on. */
    private SiteName whom(Optional<SiteName> hint, int attempt) {
        return Stream.of(hint, submission.flatMap(Submission::leader), helped)
                .flatMap(Optional::stream)
                .filter(this::heard)
                .findFirst()
                .orElseGet(() -> inTurn(attempt));
    }

    private SiteName inTurn(int attempt) {
        List<SiteName> heard = others.stream().filter(this::heard).toList();
        List<SiteName> asked = heard.isEmpty() ? others : heard;
        return asked.get(attempt % asked.size());
    }

    private boolean heard(SiteName voter) {
        Long since = silentSinceNanos.get(voter);
        return since == null || System.nanoTime() - since > SILENCE.toNanos();
    }

    private Ask.Reply put(Ask ask, SiteName whom, Duration patience) throws InterruptedException {
        if (whom.equals(own)) {
            return submission.isPresent()
                    ? submission.get().submit(new Asks(List.of(ask))).replies().getFirst()
                    : new Ask.Reply.Open();
        }
        AskLine line = peers.get(whom);
        if (line == null) {
            return new Ask.Reply.Open();
        }
        // While one question finds out whether it is heard again, the others go another way.
        silentSinceNanos.computeIfPresent(whom, (silent, since) -> System.nanoTime());
        try {
            Ask.Reply reply = line.put(ask, patience);
            silentSinceNanos.remove(whom);
            if (reply instanceof Ask.Reply.Agreed) {
                helped = Optional.of(whom);
            }
            return reply;
        } catch (IOException unanswered) {
            silentSinceNanos.put(whom, System.nanoTime());
            LOG.log(Level.DEBUG, "voter {0} did not answer: {1}", whom, unanswered.getMessage());
            return new Ask.Reply.Open();
        }
    }
}
