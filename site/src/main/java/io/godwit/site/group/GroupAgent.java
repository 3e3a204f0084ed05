package io.godwit.site.group;

import io.godwit.api.GroupStatus;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.link.PeerChannel;
import io.godwit.migration.HandOver;
import io.godwit.migration.Standing;
import io.godwit.network.Preference;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.move.ActiveMove;
import io.godwit.site.move.SavedMove;
import io.godwit.site.tenure.DiskLease;
import io.godwit.site.tenure.Tenures;
import io.godwit.site.trial.FailoverTrial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A site's part in one protection group: it knows who owns the group, and does what follows from that. It is the only one to
 * change the group's record and this site's role, one change at a time.
 */
public final class GroupAgent {
    private static final Logger LOG = System.getLogger(GroupAgent.class.getName());

    private final SiteContext site;
    private final GroupFiles files;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile GroupRecord record;
    private volatile Role role;
    private final Upkeep upkeep = new Upkeep(this);
    private final MoveSource source = new MoveSource(this);
    private final GroupTarget target = new GroupTarget(this);
    private final GroupHistory history;
    private final Rewinder rewinder;
    private final CarriedCopies carried;
    private final Succession succession = new Succession(this);
    private final PeerWatch watch = new PeerWatch(this);
    private final GroupFailover failover = new GroupFailover(this);
    private final FailoverTrial trial = new FailoverTrial(this);
    private final MemoryProtection memory;
    private final DiskLease lease;
    private final Optional<Tenancy> tenancy;
    private volatile boolean left;

    private GroupAgent(
            SiteContext site,
            GroupFiles files,
            GroupRecord record,
            Role role,
            DiskLease lease,
            Optional<Tenures> tenures) {
        this.site = site;
        this.files = files;
        this.record = record;
        this.role = role;
        this.history = new GroupHistory(this);
        this.rewinder = new Rewinder(this);
        this.carried = new CarriedCopies(this);
        this.lease = lease;
        this.memory = new MemoryProtection(this);
        this.tenancy = tenures.map(voters -> Tenancy.begin(this, voters));
        rate(role);
    }

    /** Begins with a group that was just put under protection, wholly or not at all: its store exists, and its record is saved. */
    public static GroupAgent found(SiteContext site, Optional<Tenures> tenures, GroupName name)
            throws IOException, InterruptedException {
        GroupAgent agent = prepare(site, tenures, name);
        try {
            agent.begin(true);
            return agent;
        } catch (IOException | RuntimeException failed) {
            new Dissolution(agent).carryOut(Duration.ZERO);
            throw failed;
        }
    }

    /**
     * Takes up what an earlier daemon had under way, wholly or not at all. If the group is this site's the voters are asked first who owns it,
     * or, without any, the peer.
     */
    public static GroupAgent open(SiteContext site, Optional<Tenures> tenures, GroupName name)
            throws IOException, InterruptedException {
        GroupAgent agent = prepare(site, tenures, name);
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
        return prepare(site, Optional.empty(), name);
    }

    static GroupAgent prepare(SiteContext site, Optional<Tenures> tenures, GroupName name)
            throws IOException, InterruptedException {
        GroupFiles files = new GroupFiles(site.config(), name);
        files.makeDirectories();
        GroupRecord record =
                files.record().orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, "there is no group " + name));
        CarriedCopies.dropLeftovers(files, record, record.home().equals(site.name()));
        DiskLease lease = tenures.isPresent() ? DiskLease.over() : DiskLease.unbound();
        Role role = new GroupOpening(site, files, record, lease).role();
        return new GroupAgent(site, files, record, role, lease, tenures);
    }

    void begin(boolean founded) throws IOException, InterruptedException {
        trial.clearAway();
        memory.clearAway();
        Optional<SavedMove> unfinished =
                files.move().filter(saved -> !saved.move().state().phase().ended());
        switch (role) {
            case Serving serving
            when unfinished.isPresent() ->
                // Not a machine is started before it is known whose the group is.
                serving.guests().whenOneDies(vm -> {});
            case Serving serving
            when founded && tenancy.isEmpty() -> upkeep.activate(serving, record.term(), Preference.USUAL);
            // Not before the voters, or the peer, were asked.
            case Serving serving -> {}
            case Following following -> succession.clearAway(unfinished.isPresent());
        }
        unfinished.ifPresent(source::resume);
        failover.resume();
        tenancy.ifPresent(Tenancy::start);
        if (founded && role instanceof Serving) {
            tenancy.ifPresent(Tenancy::register);
        }
        watch.start(founded && tenancy.isEmpty());
        memory.start();
        new MechanismWatch(this).start();
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

    // --- for those who act for this agent ---

    public SiteContext site() {
        return site;
    }

    public GroupFiles files() {
        return files;
    }

    public Role role() {
        return role;
    }

    private void rate(Role now) {
        if (now instanceof Serving serving) {
            tenancy.ifPresent(voted -> serving.rate(voted.ratings()));
        }
    }

    void become(Role next) {
        rate(next);
        role = next;
        if (next instanceof Serving) {
            watch.beSure();
        }
        memory.became(next);
    }

    /** Until when its disks here may answer. */
    DiskLease lease() {
        return lease;
    }

    /** What the voters say about this group, if there are any. */
    Optional<Tenancy> tenancy() {
        return tenancy;
    }

    /** Whether the group may be served here, if it is this site's: it is known to be, and no lease has run out. */
    boolean mayServe() {
        return watch.sure() && tenancy.map(Tenancy::serves).orElse(true);
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

    /** What protects the machines' memory. */
    public MemoryProtection memory() {
        return memory;
    }

    /** What tries a failover out. */
    public FailoverTrial failoverTrial() {
        return trial;
    }

    ReentrantLock changing() {
        return changing;
    }

    public static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.CONFLICT, sentence);
    }

    /** What keeps the group served here. */
    Upkeep upkeep() {
        return upkeep;
    }

    /** What this site does as the source of moves. */
    public MoveSource source() {
        return source;
    }

    /** The last move away from here that this daemon knows. */
    public Optional<ActiveMove> move() {
        return source.move();
    }

    /** What opens the group anew as it is recorded now. */
    GroupOpening opening() {
        return new GroupOpening(site, files, record, lease);
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
        return new GroupView(
                        site,
                        record,
                        role,
                        move(),
                        failover.state(),
                        watch,
                        trial.status(),
                        tenancy,
                        memory.status(),
                        new MechanismDesk(this).standing())
                .status();
    }

    /** Nothing that keeps the group served goes on. */
    void beLeft() {
        left = true;
    }

    /** What takes this group out of protection. */
    public GroupRemoval removal() {
        return new GroupRemoval(this);
    }

    /** Lets go of everything but the machines. */
    public void leave() throws IOException {
        left = true;
        tenancy.ifPresent(Tenancy::end);
        watch.close();
        failover.leave();
        trial.leave();
        carried.leave();
        memory.endTaking();
        changing.lock();
        try {
            history.leave();
            memory.standby().leave();
            switch (role) {
                case Serving serving -> serving.leave();
                case Following following -> following.leave();
            }
        } finally {
            changing.unlock();
        }
    }
}
