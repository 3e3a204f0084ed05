package io.godwit.site.group;

import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.link.PeerChannel;
import io.godwit.migration.HandOver;
import io.godwit.migration.MoveId;
import io.godwit.migration.MoveRecord;
import io.godwit.migration.MoveState;
import io.godwit.migration.Phase;
import io.godwit.migration.Standing;
import io.godwit.network.Preference;
import io.godwit.replication.Replica;
import io.godwit.replication.ReplicationLimits;
import io.godwit.site.SiteContext;
import io.godwit.site.move.ActiveMove;
import io.godwit.site.move.MoveSetting;
import io.godwit.site.move.SavedMove;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A site's part in one protection group: it knows who owns the group, and does what follows from that. It is the only one to
 * change the group's record and this site's role, one change at a time.
 */
public final class GroupAgent implements MoveSetting.Owner {
    private static final Logger LOG = System.getLogger(GroupAgent.class.getName());
    private static final Duration REBOOT_PAUSE = Duration.ofMillis(500);

    private final SiteContext site;
    private final GroupFiles files;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile GroupRecord record;
    private volatile Role role;
    private final GroupTarget target = new GroupTarget(this);
    private final GroupHistory history;
    private final Rewinder rewinder;
    private final CarriedCopies carried;
    private final Succession succession = new Succession(this);
    private final PeerWatch watch = new PeerWatch(this);
    private final GroupFailover failover = new GroupFailover(this);
    private final FailoverTrial trial = new FailoverTrial(this);
    private volatile @Nullable ActiveMove move;
    private volatile boolean left;

    private GroupAgent(SiteContext site, GroupFiles files, GroupRecord record, Role role) {
        this.site = site;
        this.files = files;
        this.record = record;
        this.role = role;
        this.history = new GroupHistory(this);
        this.rewinder = new Rewinder(this);
        this.carried = new CarriedCopies(this);
    }

    /** Begins with a group that was just put under protection: its store exists, and its record is saved. */
    public static GroupAgent found(SiteContext site, GroupName name) throws IOException, InterruptedException {
        GroupAgent agent = prepare(site, name);
        agent.begin(true);
        return agent;
    }

    /**
     * Takes up what an earlier daemon had under way, wholly or not at all. If the group is this site's the peer is asked first who owns it.
     */
    public static GroupAgent open(SiteContext site, GroupName name) throws IOException, InterruptedException {
        GroupAgent agent = prepare(site, name);
        try {
            agent.begin(false);
            return agent;
        } catch (IOException | RuntimeException failed) {
            agent.leave();
            throw failed;
        }
    }

    /** Opens what the site has of a group; nothing runs yet. */
    static GroupAgent prepare(SiteContext site, GroupName name) throws IOException, InterruptedException {
        GroupFiles files = new GroupFiles(site.config(), name);
        files.makeDirectories();
        GroupRecord record =
                files.record().orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, "there is no group " + name));
        CarriedCopies.dropLeftovers(files, record, record.home().equals(site.name()));
        boolean ours = record.owner().equals(site.name());
        Role role = ours ? served(site, files, record) : followed(site, files, record);
        return new GroupAgent(site, files, record, role);
    }

    private static Serving served(SiteContext site, GroupFiles files, GroupRecord record)
            throws IOException, InterruptedException {
        DiskFront front = front(site, files, record.definition(), new LogRescue(site, record).open(files.store()));
        Guests guests = new Guests(files, record);
        Serving serving = new Serving(site, record, front, guests, new Ports(site.edge(), record.definition()));
        try {
            guests.adopt();
        } catch (IOException | RuntimeException failed) {
            serving.leave();
            throw failed;
        }
        if (files.failover().filter(saved -> !saved.state().ended()).isPresent()) {
            serving.standAlone();
        }
        return serving;
    }

    /** Offers the disks of a store that was just opened; closes it if they can't be. */
    private static DiskFront front(SiteContext site, GroupFiles files, GroupDefinition definition, GroupStore store)
            throws IOException {
        try {
            return DiskFront.held(site, files, definition, store);
        } catch (IOException | RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    /** What serves the group that this site has followed until now; nothing runs yet. */
    Serving takingOver(Following following) throws IOException, InterruptedException {
        GroupStore store = following.replica().surrender();
        Guests guests = new Guests(files, record);
        guests.killLeftovers();
        DiskFront front = DiskFront.held(site, files, record.definition(), store);
        Serving serving = new Serving(site, record, front, guests, new Ports(site.edge(), record.definition()));
        serving.standAlone();
        return serving;
    }

    /** A follower as before whose replica was closed. */
    Following reopened(Following closed) {
        try {
            closed.leave();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return followed(site, files, record);
    }

    private static Following followed(SiteContext site, GroupFiles files, GroupRecord record) {
        boolean home = record.home().equals(site.name());
        discardScratch(files, record);
        return new Following(new Replica(
                record.name(),
                files.store(),
                files.disks(record.definition(), home),
                ReplicationLimits.DEFAULT,
                GroupHistory.window(record.bounds())));
    }

    /** What the group's last stay here has left. */
    private static void discardScratch(GroupFiles files, GroupRecord record) {
        try {
            ScratchDisks.discard(files, record.definition());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void begin(boolean founded) throws IOException, InterruptedException {
        trial.clearAway();
        Optional<SavedMove> unfinished =
                files.move().filter(saved -> !saved.move().state().phase().ended());
        switch (role) {
            case Serving serving
            when unfinished.isPresent() ->
                // Not a machine is started before it is known whose the group is.
                serving.guests().whenOneDies(vm -> {});
            case Serving serving when founded -> activate(serving, record.term(), Preference.USUAL);
            // Not before the peer was asked.
            case Serving serving -> {}
            case Following following -> clearAway(unfinished.isPresent());
        }
        unfinished.ifPresent(saved -> move = ActiveMove.resume(setting(), saved));
        failover.resume();
        watch.start(founded);
    }

    /** Serves the group after a restart, now that it is known to be this site's; returns whether it did, or need not. */
    boolean takeUp(Serving serving) {
        ActiveMove active = move;
        if (active != null && !active.hasEnded()) {
            return false;
        }
        changing.lock();
        try {
            if (role == serving) {
                watch.beSure();
                history.thaw(serving);
                activate(serving, record.term(), preference());
            }
            return true;
        } catch (IOException | GodwitException failed) {
            LOG.log(Level.ERROR, "group {0} cannot be served: {1}", record.name(), failed.getMessage());
            Thread.ofVirtual().name("serve-again").start(() -> serveUntilItWorks(serving));
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            changing.unlock();
        }
    }

    /** As long as the former owner may still announce the addresses, this site's announcement must be preferred. */
    private Preference preference() {
        return failover.alone() ? Preference.TAKING_OVER : Preference.USUAL;
    }

    void activate(Serving serving, Term term, Preference preference) throws IOException, InterruptedException {
        rewinder.finish(serving);
        watchGuests(serving);
        serving.activate(term, preference);
    }

    /** Ends what a move towards this site may have left, if it was cut off. */
    private void clearAway(boolean routesInUse) throws IOException, InterruptedException {
        if (record.handOver().orElse(null) instanceof HandOver.Undecided undecided) {
            refuse(new HandOver.Refused(
                    undecided.move(), "the target's daemon was restarted in the middle of the move"));
        }
        new Guests(files, record).killLeftovers();
        if (!routesInUse) {
            new Ports(site.edge(), record.definition()).detach();
        }
    }

    private void watchGuests(Serving serving) {
        serving.guests().whenOneDies(vm -> Thread.ofVirtual().name("reboot").start(() -> guestDied(serving, vm)));
    }

    private void guestDied(Serving serving, VmName vm) {
        LOG.log(Level.WARNING, "machine {0} of group {1} has ended", vm, record.name());
        ActiveMove active = move;
        if (active != null && !active.phase().ended()) {
            active.fail("machine %s crashed".formatted(vm));
        } else {
            serveUntilItWorks(serving);
        }
    }

    /** Brings back what is missing, again and again, for as long as the group is served here. */
    void serveUntilItWorks(Serving serving) {
        boolean works = false;
        while (!works && role == serving) {
            works = rested() && serveOnce(serving);
        }
    }

    private static boolean rested() {
        try {
            Thread.sleep(REBOOT_PAUSE);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean serveOnce(Serving serving) {
        changing.lock();
        try {
            ActiveMove active = move;
            boolean undecided = active != null && !active.phase().ended();
            if (role == serving && !undecided && watch.sure()) {
                activate(serving, record.term(), preference());
            }
            return true;
        } catch (IOException | GodwitException failed) {
            LOG.log(Level.ERROR, "group {0} cannot be served: {1}", record.name(), failed.getMessage());
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            changing.unlock();
        }
    }

    public GroupName name() {
        return record.name();
    }

    public SiteName peer() {
        return record.peerOf(site.name());
    }

    public GroupRecord record() {
        return record;
    }

    void save(GroupRecord next) {
        files.save(next);
        record = next;
    }

    void commit(TakeOver takeOver) {
        takeOver.commit();
        record = takeOver.record();
    }

    /**
     * Refuses a move. A refusal holds even where the disk has no room for it: what is not taken on the disk is refused after
     * a restart as well. Only if the disk may already say that the move was taken must the refusal be written first.
     */
    void refuse(HandOver.Refused refused) {
        GroupRecord next = record.with(refused);
        try {
            save(next);
        } catch (UncheckedIOException full) {
            boolean taken = files.record()
                    .flatMap(GroupRecord::handOver)
                    .filter(HandOver.Taken.class::isInstance)
                    .filter(known -> known.move().equals(refused.move()))
                    .isPresent();
            if (taken) {
                throw full;
            }
            LOG.log(
                    Level.WARNING,
                    "the refusal of move {0} is not written down: {1}",
                    refused.move(),
                    full.getMessage());
            record = next;
        }
    }

    private MoveSetting setting() {
        Optional<Serving> serving = role instanceof Serving now ? Optional.of(now) : Optional.empty();
        return new MoveSetting(site, files, record, serving, this);
    }

    // --- as the source of a move ---

    /** Begins to move the group away; refuses if it doesn't run here or can't go there. */
    public ActiveMove migrate(SiteName to, MoveOptions options) {
        changing.lock();
        try {
            requireMovable(to, options);
            MoveRecord fresh =
                    new MoveRecord(MoveId.fresh(), name(), site.name(), to, new MoveState.Preparing(Set.of()));
            target.forgetArrival();
            ActiveMove begun = ActiveMove.begin(setting(), fresh, options);
            move = begun;
            return begun;
        } finally {
            changing.unlock();
        }
    }

    private void requireMovable(SiteName to, MoveOptions options) {
        options.linger().ifPresent(GroupAgent::requirePhase);
        ActiveMove active = move;
        if (active != null && !active.phase().ended()) {
            throw refusal("group %s is being moved to %s already"
                    .formatted(name(), active.move().to()));
        }
        history.requireThawed();
        if (rewinder.pending()) {
            throw refusal("a rewind of group %s is not finished yet".formatted(name()));
        }
        if (to.equals(record.owner())) {
            throw refusal("group %s is at %s already".formatted(name(), to));
        }
        if (!(role instanceof Serving serving)) {
            throw refusal("group %s runs at %s: ask that site to move it".formatted(name(), record.owner()));
        }
        if (!to.equals(peer())) {
            throw refusal("group %s is replicated to %s, not to %s".formatted(name(), peer(), to));
        }
        if (!options.dropsScratch()) {
            serving.requireBlankScratch();
        }
        if (!serving.replicator().status().connected()) {
            throw refusal("site %s cannot be reached now%s"
                    .formatted(to, serving.trouble().isEmpty() ? "" : ": " + serving.trouble()));
        }
        watch.requireServed();
        if (failover.alone()) {
            throw refusal("group %s was taken over, and %s has not caught up yet: move it when it has"
                    .formatted(name(), peer()));
        }
    }

    private static void requirePhase(String word) {
        for (Phase phase : Phase.values()) {
            if (phase.word().equals(word)) {
                return;
            }
        }
        throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not a phase of a move".formatted(word));
    }

    public Optional<ActiveMove> move() {
        return Optional.ofNullable(move);
    }

    /** The report of the last move away from here. */
    public Optional<MoveReport> lastReport() {
        return files.move().map(SavedMove::soFar);
    }

    @Override
    public MoveSetting.Followed follow(Term term, Position end, boolean hold) throws InterruptedException {
        changing.lock();
        try {
            if (role instanceof Serving serving) {
                save(record.ownedBy(peer(), term));
                GroupStore store = serving.retire();
                Optional<ApplyHold> held = hold ? stopAt(store, end) : Optional.empty();
                role = new Following(
                        new Replica(name(), store, ReplicationLimits.DEFAULT, GroupHistory.window(record.bounds())));
                return new MoveSetting.Followed(store, held);
            }
            Following following = (Following) role;
            GroupStore store = following.replica().store().orElseThrow();
            return new MoveSetting.Followed(store, Optional.empty());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public ReplicationMode mode() {
        changing.lock();
        try {
            return record.mode();
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void serveAgain() throws InterruptedException {
        changing.lock();
        try {
            Serving serving = (Serving) role;
            boolean fenced = serving.store().role() == io.godwit.volume.Role.REPLICA;
            if (fenced) {
                // The offered term may have been refused but was used; the one after it is ours alone.
                save(record.ownedBy(site.name(), record.term().next().next()));
            }
            if (watch.sure()) {
                activate(serving, record.term(), Preference.USUAL);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            changing.unlock();
        }
    }

    // --- for those who act for this agent ---

    SiteContext site() {
        return site;
    }

    GroupFiles files() {
        return files;
    }

    Role role() {
        return role;
    }

    void become(Role next) {
        role = next;
        if (next instanceof Serving) {
            watch.beSure();
        }
    }

    /** Who owns the group, as far as this site knows. */
    Standing standing() {
        return switch (role) {
            case Serving serving ->
                new Standing(
                        record.owner(),
                        record.term(),
                        watch.sure() && serving.guests().any());
            case Following following ->
                new Standing(
                        record.owner(),
                        following
                                .replica()
                                .status()
                                .term()
                                .filter(record.term()::isOlderThan)
                                .orElse(record.term()),
                        false);
        };
    }

    /** Whether the daemon has let go of the group. */
    boolean left() {
        return left;
    }

    /** What this site does when it is no longer the owner. */
    Succession succession() {
        return succession;
    }

    /** What tells the peer, and hears from it, who owns the group. */
    PeerWatch watch() {
        return watch;
    }

    /** What takes the group over when its owner is lost. */
    public GroupFailover failover() {
        return failover;
    }

    /** What tries a failover out. */
    public FailoverTrial failoverTrial() {
        return trial;
    }

    ReentrantLock changing() {
        return changing;
    }

    static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.CONFLICT, sentence);
    }

    /** Keeps the images of a store at a position, for a comparison; empty if they are beyond it or being kept already. */
    static Optional<ApplyHold> stopAt(GroupStore store, Position end) {
        try {
            return Optional.of(store.stopAt(end));
        } catch (GodwitException beyond) {
            LOG.log(Level.INFO, "the disks can no longer be compared: {0}", beyond.sentence());
            return Optional.empty();
        }
    }

    /** What this site does as the target of moves. */
    public GroupTarget target() {
        return target;
    }

    /** What changes how this group is replicated. */
    public ModeChanger modeChanger() {
        return new ModeChanger(this);
    }

    /** What may be done with this group's past. */
    public GroupHistory history() {
        return history;
    }

    /** What takes this group back to a point. */
    public Rewinder rewinder() {
        return rewinder;
    }

    /** What people may ask about its disks' copies. */
    public GroupCopies copies() {
        return new GroupCopies(this);
    }

    /** Copies of its disks that people carry between sites. */
    public CarriedCopies carried() {
        return carried;
    }

    public void receiveLog(PeerChannel channel) throws IOException, InterruptedException {
        switch (role) {
            case Following following -> following.receiveLog(channel);
            case Serving serving -> throw refusal("group %s runs at %s".formatted(name(), site.name()));
        }
    }

    public GroupStatus status() {
        return new GroupView(site, record, role, Optional.ofNullable(move), failover.state(), watch).status();
    }

    /** Lets go of everything but the machines. */
    public void leave() throws IOException {
        left = true;
        watch.close();
        failover.leave();
        trial.leave();
        carried.leave();
        changing.lock();
        try {
            history.leave();
            switch (role) {
                case Serving serving -> serving.leave();
                case Following following -> following.leave();
            }
        } finally {
            changing.unlock();
        }
    }
}
