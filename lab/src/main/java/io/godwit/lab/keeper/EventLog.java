package io.godwit.lab.keeper;

import io.godwit.lab.LabEvent;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest events of a lab, numbered. */
final class EventLog {
    private static final int REMEMBERED = 1_000;

    private final Clock clock;
    private final Deque<LabEvent> events = new ArrayDeque<>();
    private long latest;

    EventLog(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(LabEvent.Kind kind, String subject, String detail) {
        latest++;
        events.addLast(new LabEvent(latest, clock.instant(), kind, subject, detail));
        if (events.size() > REMEMBERED) {
            events.removeFirst();
        }
    }

    synchronized List<LabEvent> after(long number) {
        return events.stream().filter(event -> event.number() > number).toList();
    }
}
