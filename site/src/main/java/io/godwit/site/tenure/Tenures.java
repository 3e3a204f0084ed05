package io.godwit.site.tenure;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.posix.BootClock;
import io.godwit.network.PortLeases;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.Quorum;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The tenures of a site's groups: tells each what the site's own voter shows of its group. */
public final class Tenures implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Tenures.class.getName());

    /** What is seen is told so often also if nothing was agreed meanwhile: an event may have been dropped. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final SiteName self;
    private final Quorum quorum;
    private final PortLeases ports;
    private final Map<GroupName, TenureDriver> drivers = new ConcurrentHashMap<>();
    private final Map<GroupName, Ownership> told = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    public Tenures(SiteName self, Quorum quorum, PortLeases ports) {
        this.self = self;
        this.quorum = quorum;
        this.ports = ports;
        this.thread = Thread.ofPlatform().daemon().name("own-voter").start(this::run);
    }

    /** Where the edge's part of the leases is. */
    public PortLeases ports() {
        return ports;
    }

    /** A tenure that has not begun. */
    public TenureDriver prepare(GroupName group, Duration lease, DiskLease disks, TenureDuties duties) {
        return new TenureDriver(group, self, lease, quorum, disks, duties);
    }

    public void begin(TenureDriver driver) {
        drivers.put(driver.group(), driver);
        driver.start();
        driver.looked(standing(driver.group()), BootClock.nanos());
    }

    public void end(TenureDriver driver) {
        drivers.remove(driver.group(), driver);
        told.remove(driver.group());
        driver.close();
    }

    /** How a group stands, as far as this site's own voter knows. */
    public Optional<Ownership> standing(GroupName group) {
        return quorum.agreed().state().find(group);
    }

    /**
     * The term in which a group of that name may begin: later than any that the voters ever gave.
     *
     * @throws GodwitException CONFLICT if the voters hold such a group for somebody still
     */
    public Term firstTerm(GroupName group) {
        standing(group).ifPresent(held -> {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the voters still hold a group %s for site %s in term %s; they were not told of its removal: choose another name"
                            .formatted(group, held.owner(), held.term()));
        });
        return Optional.ofNullable(quorum.agreed().state().groups().get(group))
                .map(retired -> retired.term().next())
                .orElse(Term.FIRST);
    }

    private void run() {
        try {
            long version = quorum.agreed().version();
            while (!closed) {
                Quorum.Agreed seen = quorum.awaitAfter(version, LOOK);
                tell(seen, BootClock.nanos(), seen.version() == version);
                version = seen.version();
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "site {0} is stopping", self);
        }
    }

    private void tell(Quorum.Agreed seen, long nowNanos, boolean again) {
        drivers.forEach((group, driver) -> {
            Optional<Ownership> standing = seen.state().find(group);
            Optional<Ownership> last = Optional.ofNullable(told.get(group));
            if (again || !standing.equals(last)) {
                standing.ifPresentOrElse(now -> told.put(group, now), () -> told.remove(group));
                driver.looked(standing, nowNanos);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        ports.close();
    }
}
