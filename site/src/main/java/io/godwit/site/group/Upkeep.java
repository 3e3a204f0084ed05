package io.godwit.site.group;

import io.godwit.core.GodwitException;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.network.Preference;
import io.godwit.site.move.ActiveMove;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Keeps a group served at the site that owns it: after a restart, and when a machine has ended. */
final class Upkeep {
    private static final Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final Duration REBOOT_PAUSE = Duration.ofMillis(500);

    private final GroupAgent agent;

    Upkeep(GroupAgent agent) {
        this.agent = agent;
    }

    /** Serves the group after a restart, now that it is known to be this site's; returns whether it did, or need not. */
    boolean takeUp(Serving serving) {
        if (agent.move().filter(moving -> !moving.hasEnded()).isPresent()) {
            return false;
        }
        agent.changing().lock();
        try {
            if (agent.role() == serving && !agent.left()) {
                agent.watch().beSure();
                agent.history().thaw(serving);
                activate(serving, agent.record().term(), preference());
            }
            return true;
        } catch (IOException | GodwitException failed) {
            LOG.log(Level.ERROR, "group {0} cannot be served: {1}", agent.name(), failed.getMessage());
            Thread.ofVirtual().name("serve-again").start(() -> serveUntilItWorks(serving));
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            agent.changing().unlock();
        }
    }

    /** As long as the former owner may still announce the addresses, this site's announcement must be preferred. */
    private Preference preference() {
        return agent.failover().alone() ? Preference.TAKING_OVER : Preference.USUAL;
    }

    void activate(Serving serving, Term term, Preference preference) throws IOException, InterruptedException {
        agent.rewinder().finish(serving);
        watchGuests(serving);
        serving.activate(term, preference);
    }

    private void watchGuests(Serving serving) {
        serving.guests().whenOneDies(vm -> Thread.ofVirtual().name("reboot").start(() -> guestDied(serving, vm)));
        serving.services().restartBy(vm -> endToRestart(serving, vm));
    }

    /** Ends a machine whose service is silent, so that it is brought back like one that has ended; not while anything else is done with it. */
    private boolean endToRestart(Serving serving, VmName vm) {
        agent.changing().lock();
        try {
            boolean moving = agent.move().filter(move -> !move.hasEnded()).isPresent();
            if (agent.role() != serving || agent.left() || moving || !agent.mayServe()) {
                return false;
            }
            serving.guests().machine(vm).kill();
            return true;
        } catch (IOException failed) {
            LOG.log(Level.ERROR, "machine {0} can''t be ended: {1}", vm, failed.getMessage());
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            agent.changing().unlock();
        }
    }

    private void guestDied(Serving serving, VmName vm) {
        LOG.log(Level.WARNING, "machine {0} of group {1} has ended", vm, agent.name());
        Optional<ActiveMove> active =
                agent.move().filter(moving -> !moving.phase().ended());
        if (active.isPresent()) {
            active.get().fail("machine %s crashed".formatted(vm));
        } else {
            serveUntilItWorks(serving);
        }
    }

    /** Brings back what is missing, again and again, for as long as the group is served here. */
    void serveUntilItWorks(Serving serving) {
        boolean works = false;
        while (!works && agent.role() == serving) {
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
        agent.changing().lock();
        try {
            boolean undecided =
                    agent.move().filter(moving -> !moving.phase().ended()).isPresent();
            if (agent.role() == serving && !agent.left() && !undecided && agent.mayServe()) {
                activate(serving, agent.record().term(), preference());
            }
            return true;
        } catch (IOException | GodwitException failed) {
            LOG.log(Level.ERROR, "group {0} cannot be served: {1}", agent.name(), failed.getMessage());
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            agent.changing().unlock();
        }
    }
}
