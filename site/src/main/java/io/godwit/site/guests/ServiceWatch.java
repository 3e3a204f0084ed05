package io.godwit.site.guests;

import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.api.ServiceProbe;
import io.godwit.api.VmDefinition;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.site.guests.ServiceSilence.Advice;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Looks whether the services of a group's machines answer while they run here. A silent one is told of; its machine is started again where it is, if that
 * is wished: at another site it would be no less silent.
 */
public final class ServiceWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ServiceWatch.class.getName());

    private final GroupName group;
    private final Guests guests;
    private volatile List<Watched> watched;
    private volatile Predicate<VmName> restart = vm -> false;
    private boolean begun;
    private boolean closed;

    private record Watched(VmDefinition vm, ServiceProbe wish, ServiceSilence silence, CountDownLatch ending) {
        Watched(VmDefinition vm, ServiceProbe wish) {
            this(vm, wish, new ServiceSilence(wish));
        }

        Watched(VmDefinition vm, ServiceProbe wish, ServiceSilence silence) {
            this(vm, wish, silence, new CountDownLatch(1));
        }

        /** Whether it is looked at like this as well. */
        boolean isLike(VmDefinition other) {
            return vm.name().equals(other.name())
                    && other.service().filter(wish::equals).isPresent();
        }
    }

    /** Does nothing before {@link #begin}. */
    public ServiceWatch(GroupDefinition definition, Guests guests) {
        this.group = definition.name();
        this.guests = guests;
        this.watched = definition.vms().stream()
                .flatMap(vm -> vm.service().map(wish -> new Watched(vm, wish)).stream())
                .toList();
    }

    /** Looks at the services like this from now on; what is looked at as before is not looked at anew. */
    public synchronized void follow(GroupDefinition changed) {
        List<Watched> before = watched;
        before.stream()
                .filter(known -> changed.vms().stream().noneMatch(known::isLike))
                .forEach(known -> known.ending().countDown());
        watched = changed.vms().stream()
                .flatMap(vm -> vm.service().map(wish -> followed(before, vm, wish)).stream())
                .toList();
    }

    private Watched followed(List<Watched> before, VmDefinition vm, ServiceProbe wish) {
        Optional<Watched> known =
                before.stream().filter(one -> one.vm().name().equals(vm.name())).findFirst();
        return known.filter(one -> one.isLike(vm))
                .orElseGet(() -> started(known.map(
                                one -> new Watched(vm, wish, one.silence().lookedAtLike(wish, System.nanoTime())))
                        .orElseGet(() -> new Watched(vm, wish))));
    }

    /**
     * How machines are started again.
     *
     * @param action starts one; returns whether it could
     */
    public void restartBy(Predicate<VmName> action) {
        restart = action;
    }

    public synchronized void begin() {
        if (!begun) {
            begun = true;
            watched.forEach(this::started);
        }
    }

    private Watched started(Watched one) {
        if (begun && !closed) {
            Thread.ofVirtual().name("service-" + one.vm().name()).start(() -> watch(one));
        }
        return one;
    }

    private void watch(Watched one) {
        try {
            while (!one.ending().await(one.wish().period().toMillis(), TimeUnit.MILLISECONDS)) {
                look(one);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Watched one) {
        try {
            judge(one);
        } catch (RuntimeException failed) {
            LOG.log(
                    Level.ERROR,
                    "the service of machine %s of group %s is not watched well"
                            .formatted(one.vm().name(), group),
                    failed);
        }
    }

    private void judge(Watched one) {
        VmName vm = one.vm().name();
        Optional<Object> machine = guests.runs(vm);
        boolean answers = machine.isPresent()
                && Readiness.accepts(one.vm().address(), one.wish().port());
        boolean before = one.silence().silent();
        Advice advice = one.silence().looked(machine, answers, System.nanoTime());
        if (before && answers) {
            LOG.log(Level.INFO, "group {0}: the service of machine {1} answers again", group, vm);
        }
        switch (advice) {
            case NOTHING -> {}
            case TELL -> LOG.log(Level.WARNING, "group {0}: {1}", group, sentence(one));
            case RESTART -> startAgain(one);
        }
    }

    private void startAgain(Watched one) {
        String why = sentence(one);
        try {
            if (one.ending().getCount() > 0 && restart.test(one.vm().name())) {
                one.silence().restarted(System.nanoTime());
                LOG.log(Level.WARNING, "group {0}: {1}: it is started again here", group, why);
            }
        } catch (GodwitException gone) {
            LOG.log(Level.WARNING, "group {0}: {1}: {2}", group, why, gone.sentence());
        }
    }

    private static String sentence(Watched one) {
        int restarts = one.silence().restarts();
        return "machine %s runs, and its service at %s:%d has not answered for %d s%s"
                .formatted(
                        one.vm().name(),
                        one.vm().address(),
                        one.wish().port(),
                        one.silence().silentFor(System.nanoTime()).toSeconds(),
                        restarts == 0
                                ? ""
                                : "; restarts of the machine for that within %2$d min: %1$d"
                                        .formatted(restarts, ServiceSilence.RESTARTS_WITHIN.toMinutes()));
    }

    /** Whether a service is silent. */
    public boolean silent() {
        return watched.stream().anyMatch(one -> one.silence().silent());
    }

    public Optional<GroupStatus.Service> status(VmName vm) {
        return watched.stream()
                .filter(one -> one.vm().name().equals(vm))
                .findFirst()
                .map(one -> new GroupStatus.Service(
                        one.wish().port(),
                        one.silence().word(),
                        one.silence().silent() ? Optional.of(sentence(one)) : Optional.empty(),
                        one.silence().restarts()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        watched.forEach(one -> one.ending().countDown());
    }
}
