package io.godwit.lab;

import io.godwit.lab.keeper.ControlRequest;
import io.godwit.lab.wire.LinkShape;
import java.util.List;

/** One of a lab's links, which may be changed while it runs: {@code client}, {@code east}, {@code west} (each to the core) or {@code wan}. */
public final class LabLink {
    private final Lab lab;
    private final String name;

    LabLink(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    /** Gives both directions this shape. */
    public void set(LinkShape shape) {
        lab.ask(new ControlRequest.ReshapeLink(name, null, shape));
    }

    /** Gives this shape to the direction of frames that enter at {@code from}. */
    public void set(Place from, LinkShape shape) {
        lab.ask(new ControlRequest.ReshapeLink(name, from, shape));
    }

    /** Cuts the link: what is under way and what comes is swallowed, and neither end is told. */
    public void down() {
        lab.ask(new ControlRequest.SwitchLink(name, false));
    }

    public void up() {
        lab.ask(new ControlRequest.SwitchLink(name, true));
    }

    /** Both directions. */
    public List<LinkStatus> status() {
        return lab.status().links().stream()
                .filter(lane -> lane.link().equals(name))
                .toList();
    }
}
