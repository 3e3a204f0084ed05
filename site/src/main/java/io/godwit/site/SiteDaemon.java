package io.godwit.site;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.ApiServer;
import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupDefinition;
import io.godwit.api.ModeReport;
import io.godwit.api.ReplicationMode;
import io.godwit.api.SeedingWish;
import io.godwit.api.SiteStatus;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import io.godwit.link.LinkServer;
import io.godwit.link.PairingToken;
import io.godwit.link.Peer;
import io.godwit.link.PeerAddress;
import io.godwit.site.api.CopyStream;
import io.godwit.site.api.DrainStream;
import io.godwit.site.api.MoveStream;
import io.godwit.site.api.TrialStream;
import io.godwit.site.drain.Drain;
import io.godwit.site.group.DefinitionDesk;
import io.godwit.site.group.GroupAgent;
import io.godwit.site.group.GroupVerifier;
import io.godwit.site.group.LocalPath;
import io.godwit.site.group.MechanismDesk;
import io.godwit.site.metrics.MetricsServer;
import io.godwit.voter.Voter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A running site: listens to peers and to its own people, and looks after its groups. */
public final class SiteDaemon implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SiteDaemon.class.getName());
    public static final String VERSION = "0.1.0";
    private static final Duration PAIRING_VALIDITY = Duration.ofMinutes(10);

    private final SiteContext site;
    private final Optional<Voter> voter;
    private final Groups groups;
    private final Drain drain;
    private final LinkServer links;
    private final ApiServer api;
    private final Optional<MetricsServer> metrics;

    /** A site without voters. */
    public SiteDaemon(SiteContext site) throws IOException, InterruptedException {
        this(site, Optional.empty());
    }

    /**
     * Takes up everything that an earlier daemon of this site had under way, and starts to listen.
     *
     * @param voter this site's own, which other voters want to reach; closed with the daemon
     */
    public SiteDaemon(SiteContext site, Optional<Voter> voter) throws IOException, InterruptedException {
        this.site = site;
        this.voter = voter;
        this.groups = new Groups(site);
        this.drain = new Drain(site.name(), groups);
        InetSocketAddress address = site.config().listenAddress().resolve();
        this.links = new LinkServer(site.identity(), address, new PeerChannels(site.name(), groups, voter));
        groups.open();
        site.disks().settle();
        this.api = new ApiServer(site.config().apiSocket(), this::answer);
        this.metrics = site.config()
                .metricsAddress()
                .map(where -> new MetricsServer(where.resolve(), () -> status(Optional.empty()), groups::storage));
    }

    private void answer(ApiRequest request, ApiServer.Replies out) throws IOException, InterruptedException {
        switch (request) {
            case ApiRequest.Status(Optional<GroupName> group) -> out.send(new ApiReply.Status(status(group)));
            case ApiRequest.CreateGroup(var definition) -> {
                groups.create(definition);
                out.send(new ApiReply.Done("group %s is protected; its first copy to %s has begun"
                        .formatted(definition.name(), definition.peer())));
            }
            case ApiRequest.RemoveGroup wish -> out.send(new ApiReply.Removed(groups.remove(wish)));
            case ApiRequest.Migrate(var group, var to, var options) ->
                MoveStream.follow(groups.require(group).source().migrate(to, options), out);
            case ApiRequest.ShowDefinition(GroupName group) ->
                out.send(new ApiReply.Definition(groups.require(group).record().inForce()));
            case ApiRequest.ChangeDefinition(GroupDefinition wished) ->
                out.send(new ApiReply.Done(new DefinitionDesk(groups.require(wished.name())).change(wished)));
            case ApiRequest.FollowMove(GroupName group) -> followMove(groups.require(group), out);
            case ApiRequest.CancelMove(GroupName group) -> {
                groups.require(group)
                        .move()
                        .filter(move -> !move.phase().ended())
                        .orElseThrow(() ->
                                new GodwitException(ErrorCode.CONFLICT, "group %s is not being moved".formatted(group)))
                        .fail("the user took the move back");
                out.send(new ApiReply.Done("the move is being taken back, if it has not been committed"));
            }
            case ApiRequest.Drain wish when wish.confirmed() -> DrainStream.follow(drain.begin(wish, peers()), out);
            case ApiRequest.Drain wish -> out.send(new ApiReply.Drained(drain.plan(wish, peers())));
            case ApiRequest.StopDrain(SiteName wished) -> {
                drain.stop(wished, peers());
                out.send(new ApiReply.Done("the drain begins nothing more; what is under way is finished"));
            }
            case ApiRequest.FailOver(GroupName group, var to, var at, boolean confirmed, boolean acceptLoss) ->
                out.send(new ApiReply.FailedOver(
                        confirmed
                                ? groups.require(group).failover().failOver(to, at, acceptLoss)
                                : groups.require(group).failover().propose(to, at)));
            case ApiRequest.TestFailover test ->
                TrialStream.follow(groups.require(test.group()).failoverTrial().begin(test), out);
            case ApiRequest.EndFailoverTest(GroupName group) -> {
                groups.require(group).failoverTrial().end();
                out.send(new ApiReply.Done("the test of group %s has ended; its machines are gone".formatted(group)));
            }
            case ApiRequest.SetMode(GroupName group, ReplicationMode.Wish wish) -> {
                GroupAgent agent = groups.require(group);
                ModeReport report = agent.modeChanger().change(wish, changing -> tell(changing, out));
                if (report.done()) {
                    new MechanismDesk(agent).forget();
                }
                out.send(new ApiReply.ModeSet(report));
            }
            case ApiRequest.SetHistory(GroupName group, var maxBytes, var maxSeconds) ->
                out.send(new ApiReply.HistorySet(groups.require(group).history().keep(maxBytes, maxSeconds)));
            case ApiRequest.ListPoints(GroupName group) ->
                out.send(new ApiReply.Points(groups.require(group).history().list()));
            case ApiRequest.OpenPoint(GroupName group, var point, boolean writable, var disks) ->
                out.send(
                        new ApiReply.PointOpened(groups.require(group).history().open(point, writable, disks)));
            case ApiRequest.ClosePoint(GroupName group, String id) -> {
                groups.require(group).history().close(id);
                out.send(new ApiReply.Done("point %s of group %s is closed".formatted(id, group)));
            }
            case ApiRequest.Rewind(GroupName group, var point, boolean confirmed) ->
                out.send(new ApiReply.Rewound(groups.require(group).rewinder().rewind(point, confirmed)));
            case ApiRequest.Mark(GroupName group, var name, boolean consistent) ->
                out.send(new ApiReply.Marked(groups.require(group).history().mark(name, consistent)));
            case ApiRequest.ChooseMechanism(GroupName group, var objective, boolean confirmed, boolean followed) ->
                out.send(new ApiReply.MechanismChosen(
                        new MechanismDesk(groups.require(group)).choose(objective, confirmed, followed)));
            case ApiRequest.SetCheckpoints(GroupName group, var everySeconds, var standby, var resumeWithin) -> {
                GroupAgent agent = groups.require(group);
                CheckpointWish wish = agent.memory().checkpointing().protect(everySeconds, standby, resumeWithin);
                if (everySeconds.isPresent() || standby.isPresent()) {
                    new MechanismDesk(agent).forget();
                }
                out.send(new ApiReply.CheckpointsSet(wish));
            }
            case ApiRequest.TakeCheckpoint(GroupName group) ->
                out.send(new ApiReply.CheckpointTaken(
                        groups.require(group).memory().checkpointing().take()));
            case ApiRequest.SaveEssential(GroupName group) ->
                out.send(new ApiReply.EssentialSaved(groups.require(group)
                        .history()
                        .requireServing("save its machines' essential state")
                        .essential()
                        .saveNow()));
            case ApiRequest.SkipEssential(GroupName group, VmName machine) -> {
                groups.require(group)
                        .history()
                        .requireServing("have its machine do without its state")
                        .essential()
                        .doWithout(machine);
                out.send(new ApiReply.Done(
                        "machine %s does without the state that was saved; what it has from now on is saved"
                                .formatted(machine)));
            }
            case ApiRequest.SetSeeding(GroupName group, SeedingWish wish) ->
                out.send(new ApiReply.Done(groups.require(group).copies().seed(wish)));
            case ApiRequest.ListSetAside(GroupName group) ->
                out.send(new ApiReply.SetAside(groups.require(group).copies().setAside()));
            case ApiRequest.ExportSetAside(GroupName group, String id, String file) ->
                out.send(new ApiReply.Done(groups.require(group).copies().export(id, file)));
            case ApiRequest.DropSetAside(GroupName group, String id) ->
                out.send(new ApiReply.Done(groups.require(group).copies().drop(id)));
            case ApiRequest.Verify verify ->
                out.send(new ApiReply.Verified(new GroupVerifier(groups.require(verify.group()))
                        .verify(verify, progress -> out.send(new ApiReply.Verifying(progress)))));
            case ApiRequest.ExportGroup(GroupName group, String directory, var maxRate) ->
                CopyStream.follow(groups.require(group).carried().exportTo(LocalPath.parse(directory), maxRate), out);
            case ApiRequest.ImportGroup(String directory) ->
                CopyStream.follow(groups.importFrom(LocalPath.parse(directory)), out);
            case ApiRequest.OpenPairing() -> {
                PairingToken token = site.identity().openPairing(PAIRING_VALIDITY);
                out.send(new ApiReply.PairingOpened(
                        token.text(), token.fingerprint().toString(), PAIRING_VALIDITY.toSeconds()));
            }
            case ApiRequest.Join(String address, String token) -> {
                Peer peer = site.identity()
                        .join(
                                PeerAddress.parse(address),
                                PairingToken.parse(token),
                                site.config().listenAddress());
                out.send(new ApiReply.Joined(peer.name(), peer.fingerprint().toString()));
            }
            case ApiRequest.Forget(SiteName peer) -> {
                voter.ifPresent(own -> own.requireNoVoter(peer));
                groups.forget(peer);
                out.send(new ApiReply.Done("%s is not trusted here any more".formatted(peer)));
            }
        }
    }

    private List<SiteName> peers() {
        return site.identity().peers().all().stream().map(Peer::name).toList();
    }

    /** Whoever asked may have hung up; what was begun goes on. */
    private static void tell(ApiReply reply, ApiServer.Replies out) {
        try {
            out.send(reply);
        } catch (IOException hungUp) {
            LOG.log(Level.DEBUG, "nobody listens any more", hungUp);
        }
    }

    private static void followMove(GroupAgent agent, ApiServer.Replies out) throws IOException, InterruptedException {
        if (agent.move().isPresent()) {
            MoveStream.follow(agent.move().get(), out);
        } else {
            out.send(new ApiReply.MoveEnded(agent.source()
                    .lastReport()
                    .orElseThrow(() -> new GodwitException(
                            ErrorCode.NOT_FOUND, "group %s was never moved from here".formatted(agent.name())))));
        }
    }

    private SiteStatus status(Optional<GroupName> only) {
        List<GroupAgent> shown = only.isPresent() ? List.of(groups.require(only.get())) : groups.agents();
        return new SiteStatus(
                site.name(),
                VERSION,
                site.identity().fingerprint().toString(),
                site.identity().peers().all().stream()
                        .map(peer ->
                                new SiteStatus.Peer(peer.name(), peer.address().toString()))
                        .toList(),
                shown.stream().map(GroupAgent::status).toList(),
                groups.idle().entrySet().stream()
                        .map(entry -> new SiteStatus.Idle(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparing(group -> group.group().value()))
                        .toList(),
                voter.map(SiteDaemon::voting));
    }

    private static SiteStatus.Voting voting(Voter voter) {
        return new SiteStatus.Voting(voter.leader(), voter.voters().names(), voter.reachable(), voter.trouble());
    }

    /** Stops listening and lets go of everything; the machines run on. */
    @Override
    public void close() throws IOException {
        metrics.ifPresent(MetricsServer::close);
        api.close();
        links.close();
        drain.leave();
        groups.leave();
        if (voter.isPresent()) {
            voter.get().close();
        }
        site.disks().close();
        site.readers().close();
        site.edge().close();
    }
}
