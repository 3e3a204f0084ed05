package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.QuorumState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The consensus engine as its users know it: one log, in one order, that grows while a leader hears a majority. Leaders change; a command
 * may be answered late or never, applied though nobody answers, applied much later, or twice.
 */
final class Voters {
    private final World world;
    private final List<Node> nodes;
    private final List<QuorumState> states = new ArrayList<>(List.of(QuorumState.EMPTY));
    private Optional<Node> leader = Optional.empty();

    Voters(World world, List<Node> nodes) {
        this.world = world;
        this.nodes = nodes;
        world.schedule().in(0, this::elect);
        world.schedule().in(0, this::beat);
    }

    /** Whether that node's copy of the log follows a leader that has a majority. */
    boolean follows(Node node) {
        return leader.isPresent() && hasMajority(leader.get()) && world.links().talk(leader.get(), node);
    }

    void deposeLeader() {
        leader = Optional.empty();
    }

    /** What was agreed on last, whoever knows it. */
    QuorumState latest() {
        return states.getLast();
    }

    QuorumState stateAt(int index) {
        return states.get(index);
    }

    /** Sends a command from a node; whoever answers does so at the same node. */
    void submit(Node from, QuorumCommand command, Consumer<QuorumAnswer> answer) {
        if (world.links().strays()) {
            world.schedule().in(world.chance().between(0, 15 * SECOND), () -> arrive(from, command, ignored -> {}));
        }
        long hops = leader.filter(head -> reaches(from, head)).isPresent() ? 1 : 0;
        if (world.links().loses() || hops == 0) {
            if (world.chance().happens(0.3)) {
                world.schedule()
                        .in(world.chance().scaled(100 * MILLI, 10 * SECOND), () -> arrive(from, command, answer));
            }
            return;
        }
        world.schedule().in(world.links().delay(), () -> arrive(from, command, answer));
    }

    /** Directly, or through another voter that passes it on. */
    private boolean reaches(Node from, Node to) {
        return world.links().talk(from, to)
                || nodes.stream()
                        .anyMatch(via ->
                                world.links().talk(from, via) && world.links().talk(via, to));
    }

    private void arrive(Node from, QuorumCommand command, Consumer<QuorumAnswer> answer) {
        if (leader.filter(this::hasMajority).isEmpty()) {
            return;
        }
        Node head = leader.get();
        long agreeing = world.links().delay() + world.links().delay();
        world.schedule().in(agreeing, () -> commit(head, from, command, answer));
    }

    private void commit(Node head, Node from, QuorumCommand command, Consumer<QuorumAnswer> answer) {
        boolean leads = leader.filter(head::equals).filter(this::hasMajority).isPresent();
        if (!leads && world.chance().happens(0.5)) {
            return; // the next leader never heard of it
        }
        QuorumState.Applied applied = states.getLast().apply(world.mutate(states.getLast(), command));
        states.add(applied.state());
        if (command instanceof QuorumCommand.Claim claim
                && claim.acceptingLoss()
                && applied.answer() instanceof QuorumAnswer.Granted) {
            world.ledger()
                    .accepted(claim.site(), world.site(claim.site()).store().journal());
        }
        world.trace(() -> "voters apply %s: %s".formatted(command, applied.answer()));
        for (Node node : nodes) {
            teach(node);
        }
        if (leads && reaches(from, head) && !world.links().loses()) {
            world.schedule().in(world.links().delay(), () -> answer.accept(applied.answer()));
        }
    }

    private void teach(Node node) {
        if (!follows(node)) {
            return;
        }
        int index = states.size() - 1;
        boolean leads = leader.filter(node::equals).isPresent();
        world.schedule().in(leads ? 0 : world.links().delay(), () -> learn(node, index));
    }

    private void learn(Node node, int index) {
        if (node.isAwake()) {
            node.apply(index, states.get(index));
        }
    }

    private boolean hasMajority(Node head) {
        int heard = 0;
        for (Node node : nodes) {
            heard += world.links().talk(head, node) ? 1 : 0;
        }
        return heard * 2 > nodes.size();
    }

    /** Brings up to date whoever missed something. */
    private void beat() {
        for (Node node : nodes) {
            if (node.applied() < states.size() - 1) {
                teach(node);
            }
        }
        world.schedule().in(200 * MILLI, this::beat);
    }

    private void elect() {
        if (leader.filter(this::hasMajority).isPresent()) {
            world.schedule().in(100 * MILLI, this::elect);
            return;
        }
        leader = Optional.empty();
        world.schedule().in(world.chance().between(300 * MILLI, 1_200 * MILLI), () -> {
            List<Node> able = nodes.stream().filter(this::hasMajority).toList();
            leader = able.isEmpty()
                    ? Optional.empty()
                    : Optional.of(world.chance().one(able));
            leader.ifPresent(head -> world.trace(() -> "%s leads the voters".formatted(head.name())));
            world.schedule().in(100 * MILLI, this::elect);
        });
    }
}
