package io.godwit.lab.chaos;

import io.godwit.core.BitRate;
import io.godwit.core.Command;
import io.godwit.lab.Lab;
import io.godwit.lab.LabLink;
import io.godwit.lab.LabProcess;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import io.godwit.lab.LabWitness;
import io.godwit.lab.Place;
import io.godwit.lab.PowerLoss;
import io.godwit.lab.demo.MachineProcess;
import io.godwit.lab.demo.ShownGroup;
import io.godwit.lab.wire.LinkShape;
import java.util.List;
import java.util.Optional;

/** Makes a fault in the lab, for real, and takes it back. */
final class Inflictor {
    private static final double EVERYTHING_PERCENT = 100;
    private static final double MUCH_PERCENT = 5;
    private static final BitRate SLOW = BitRate.parse("2mbit");

    private final Lab lab;
    private final LinkShape wanShape;
    private Runnable mending = () -> {};

    /** @param wanShape what the link between the sites is like when nothing is wrong with it */
    Inflictor(Lab lab, LinkShape wanShape) {
        this.lab = lab;
        this.wanShape = wanShape;
    }

    /** One that makes a fault of its own meanwhile. */
    Inflictor another() {
        return new Inflictor(lab, wanShape);
    }

    /** Whether there is what it strikes. */
    boolean possible(Disturbance disturbance, LabSite owner) {
        return disturbance != Disturbance.MACHINE_KILLED || machine(owner).isPresent();
    }

    void strike(Disturbance disturbance, LabSite owner, LabSite other) {
        switch (disturbance) {
            case WAN_DOWN -> cut(wan());
            case WAN_ONE_WAY -> {
                LinkShape lossy = LinkShape.of(wanShape.delay().multipliedBy(2), wanShape.rate(), EVERYTHING_PERCENT);
                wan().set(owner.place(), lossy);
                mending = () -> wan().set(wanShape);
            }
            case WAN_POOR -> {
                wan().set(LinkShape.of(wanShape.delay().multipliedBy(2), SLOW, MUCH_PERCENT));
                mending = () -> wan().set(wanShape);
            }
            case WITNESS_KILLED -> {
                witness().cutOff();
                mending = witness()::start;
            }
            case WITNESS_PAUSED -> pause(witness());
            case WITNESS_CUT_OFF -> cutOffWitness();
            case OWNER_DAEMON_KILLED -> daemon(owner).kill();
            case OTHER_DAEMON_KILLED -> daemon(other).kill();
            case OWNER_DAEMON_STALLED, OWNER_DAEMON_PAUSED -> pause(daemon(owner));
            case OTHER_DAEMON_PAUSED -> pause(daemon(other));
            case MACHINE_KILLED -> machine(owner).ifPresent(ProcessHandle::destroyForcibly);
            case OWNER_EDGE_KILLED -> lab.process("gobgpd-" + owner.name()).kill();
            case OTHER_CORE_DOWN -> cut(toCore(other));
            case OWNER_CORE_DOWN -> cut(toCore(owner));
            case OTHER_CUT_OFF -> cut(wan(), toCore(other));
            case OWNER_CUT_OFF -> cut(wan(), toCore(owner));
            case OTHER_POWER -> losePower(other);
            case OWNER_POWER -> losePower(owner);
        }
    }

    /** Takes back what was done, as far as it doesn't mend itself. */
    void mend() {
        Runnable now = mending;
        mending = () -> {};
        now.run();
    }

    private LabLink wan() {
        return lab.link("wan");
    }

    private LabLink toCore(LabSite site) {
        return lab.link(site.place().toString());
    }

    private LabProcess daemon(LabSite site) {
        return lab.process(LabSites.daemon(site));
    }

    private static Optional<ProcessHandle> machine(LabSite site) {
        return MachineProcess.of(site, ShownGroup.GROUP, ShownGroup.VM);
    }

    private LabProcess witness() {
        return lab.process(LabWitness.NAME);
    }

    private void cut(LabLink... links) {
        List<LabLink> cut = List.of(links);
        cut.forEach(LabLink::down);
        mending = () -> cut.forEach(LabLink::up);
    }

    private void pause(LabProcess process) {
        process.pause();
        mending = process::goOn;
    }

    private void losePower(LabSite site) {
        PowerLoss power = new PowerLoss(lab, site);
        power.strike();
        mending = power::end;
    }

    /** The links of the witness' place are the sites' as well, so it is its packets alone that are dropped there. */
    private void cutOffWitness() {
        String port = Integer.toString(LabSites.LINK_PORT);
        nft(("add table inet chaos;"
                        + " add chain inet chaos in { type filter hook input priority 0; };"
                        + " add chain inet chaos out { type filter hook output priority 0; };"
                        + " add rule inet chaos in tcp dport %1$s drop; add rule inet chaos in tcp sport %1$s drop;"
                        + " add rule inet chaos out tcp dport %1$s drop; add rule inet chaos out tcp sport %1$s drop")
                .formatted(port));
        mending = () -> nft("delete table inet chaos");
    }

    private void nft(String commands) {
        Command.of(Place.CORE.namespace(lab.name()).command(List.of("nft", commands)))
                .run();
    }
}
