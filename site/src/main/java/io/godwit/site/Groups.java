package io.godwit.site;

import io.godwit.api.ApiRequest;
import io.godwit.api.GroupDefinition;
import io.godwit.api.RemovalReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.network.LeasedPorts;
import io.godwit.site.drain.Departing;
import io.godwit.site.drain.GroupsHere;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.files.RemovedGroups;
import io.godwit.site.group.CopyTask;
import io.godwit.site.group.EarlyCopies;
import io.godwit.site.group.GroupAgent;
import io.godwit.site.group.GroupDeparture;
import io.godwit.site.group.GroupFounder;
import io.godwit.site.group.GroupStorage;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.site.tenure.Tenures;
import io.godwit.volume.CarriedCopy;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.StoreStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The protection groups of a site. */
final class Groups implements GroupsHere {
    private static final int MAX_GROUPS = 1_000;

    private final SiteContext site;
    private final GroupFounder founder;
    private final Map<GroupName, GroupAgent> agents = new ConcurrentSkipListMap<>();
    private final IdleGroups idle;
    private final EarlyCopies early;
    private final RemovedGroups removed;
    private final Set<GroupName> removing = ConcurrentHashMap.newKeySet();
    private final Optional<Tenures> tenures;

    Groups(SiteContext site) {
        this.site = site;
        this.tenures = site.quorum().map(voters -> new Tenures(site.name(), voters, new LeasedPorts()));
        this.idle = new IdleGroups(
                site.name(), IdleGroups.AGAIN, name -> agents.put(name, GroupAgent.open(site, tenures, name)));
        this.removed = new RemovedGroups(site.config());
        this.founder = new GroupFounder(site, tenures);
        this.early = new EarlyCopies(site.config(), this, agents::containsKey);
    }

    /** Takes up all groups that are stored here. One that can't be is said aloud, tried again, and keeps the others from nothing. */
    void open() throws IOException, InterruptedException {
        removed.clear();
        Path directory = Path.of(site.config().stateDir()).resolve("groups");
        Files.createDirectories(directory);
        try (Stream<Path> found = Files.list(directory)) {
            idle.open(found.filter(path -> Files.exists(path.resolve("group.json")))
                    .map(group -> new GroupName(group.getFileName().toString()))
                    .toList());
        }
    }

    /** Why groups that are stored here are not taken up. */
    @Override
    public Map<GroupName, String> idle() {
        return idle.reasons();
    }

    synchronized void create(GroupDefinition definition) throws IOException, InterruptedException {
        idle.requireNone(definition.name());
        if (agents.containsKey(definition.name())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "there is a group %s at %s already".formatted(definition.name(), site.name()));
        }
        requireRoom();
        agents.put(definition.name(), founder.found(definition, records()));
    }

    /** What is known of all groups here, those that can't be taken up included. */
    private List<GroupRecord> records() {
        Stream<GroupRecord> idling = idle.reasons().keySet().stream().flatMap(group -> readable(group).stream());
        return Stream.concat(agents.values().stream().map(GroupAgent::record), idling)
                .toList();
    }

    /** Ends the pairing with a site that no group is replicated to, or from. */
    synchronized void forget(SiteName peer) throws IOException {
        records().stream()
                .filter(record -> record.peerOf(site.name()).equals(peer))
                .findFirst()
                .ifPresent(record -> {
                    throw new GodwitException(
                            ErrorCode.CONFLICT,
                            "group %s is at %s as well: 'godwit group remove %s' ends that first"
                                    .formatted(record.name(), peer, record.name()));
                });
        site.identity().peers().forget(peer);
    }

    private Optional<GroupRecord> readable(GroupName idling) {
        try {
            return new GroupFiles(site.config(), idling).record();
        } catch (GodwitException damaged) {
            return Optional.empty();
        }
    }

    /** Takes a group out of protection, or says what that would mean. */
    RemovalReport remove(ApiRequest.RemoveGroup wish) throws IOException, InterruptedException {
        GroupName group = wish.group();
        if (!removing.add(group)) {
            throw new GodwitException(ErrorCode.CONFLICT, "group %s is being removed already".formatted(group));
        }
        try {
            Optional<String> reason = Optional.ofNullable(idle.reasons().get(group));
            return reason.isPresent() ? removeIdle(wish, reason.get()) : removeServed(wish);
        } finally {
            removing.remove(group);
        }
    }

    private RemovalReport removeServed(ApiRequest.RemoveGroup wish) throws IOException, InterruptedException {
        RemovalReport report = require(wish.group()).removal().remove(wish);
        if (report.removed()) {
            agents.remove(wish.group());
        }
        return report;
    }

    /** A group that can't be taken up is put aside as it is: what it holds may be wanted once the reason is gone. */
    private RemovalReport removeIdle(ApiRequest.RemoveGroup wish, String reason) throws IOException {
        if (!wish.here()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "group %s cannot be taken up here (%s), so what it wrote can't be brought into its disks: add --here to put its files aside as they are"
                            .formatted(wish.group(), reason));
        }
        GroupFiles files = new GroupFiles(site.config(), wish.group());
        String place = removed.place(files).toString();
        if (wish.confirmed()) {
            idle.giveUp(wish.group(), () -> removed.keep(files));
        }
        return new RemovalReport(
                wish.group(), wish.confirmed(), List.of(), List.of(), List.of(), Optional.empty(), Optional.of(place));
    }

    PeerReply answer(SiteName peer, PeerRequest request) {
        if (!agents.containsKey(request.group())) {
            if (request instanceof PeerRequest.DefineGroup define) {
                return define(peer, define);
            }
            if (request instanceof PeerRequest.ForgetGroup) {
                idle.requireNone(request.group());
                return new PeerReply.Done();
            }
        }
        PeerReply reply = require(peer, request.group()).target().answer(request);
        if (request instanceof PeerRequest.ForgetGroup) {
            agents.remove(request.group());
        }
        return reply;
    }

    private synchronized PeerReply define(SiteName peer, PeerRequest.DefineGroup define) {
        idle.requireNone(define.group());
        try {
            requireRoom();
            agents.put(define.group(), founder.follow(define, peer, records()));
            return new PeerReply.Done();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "site %s is stopping".formatted(site.name()), stopped);
        }
    }

    /** Takes a carried copy over: as the replica's beginning, or, where the group isn't known yet, as what it will begin with. */
    synchronized CopyTask importFrom(Path directory) throws IOException {
        CarriedCopy copy = new CarriedCopy(directory);
        CopyManifest manifest = copy.manifest();
        idle.requireNone(manifest.group());
        GroupAgent agent = agents.get(manifest.group());
        return agent == null
                ? early.importFrom(copy, manifest)
                : agent.carried().importFrom(copy, manifest);
    }

    private void requireRoom() {
        if (agents.size() >= MAX_GROUPS) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "site %s has %d groups, which is the most".formatted(site.name(), MAX_GROUPS));
        }
    }

    GroupAgent require(@Nullable GroupName name) {
        if (name == null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "the request needs a \"group\"");
        }
        idle.requireNone(name);
        return Optional.ofNullable(agents.get(name))
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "there is no group %s at site %s".formatted(name, site.name())));
    }

    /** A group, for the one peer that shares it. */
    GroupAgent require(SiteName peer, GroupName name) {
        GroupAgent agent = require(name);
        if (!agent.peer().equals(peer)) {
            throw new GodwitException(ErrorCode.DENIED, "group %s is not shared with %s".formatted(name, peer));
        }
        return agent;
    }

    List<GroupAgent> agents() {
        return List.copyOf(agents.values());
    }

    @Override
    public List<Departing> all() {
        return agents.values().stream().<Departing>map(GroupDeparture::new).toList();
    }

    /** What is stored of each group here. */
    Map<GroupName, StoreStatus> storage() {
        Map<GroupName, StoreStatus> storage = new TreeMap<>();
        agents.forEach((name, agent) -> GroupStorage.of(agent).ifPresent(store -> storage.put(name, store)));
        return storage;
    }

    void leave() throws IOException {
        idle.close();
        early.leave();
        for (GroupAgent agent : agents.values()) {
            agent.leave();
        }
        tenures.ifPresent(Tenures::close);
    }
}
