package io.godwit.site.guests;

import io.godwit.api.VmDefinition;
import io.godwit.core.VmName;
import io.godwit.site.files.GroupRecord;
import java.io.IOException;
import java.util.List;

/** The machines of a group that are booted after others, each in its turn, until something else is wanted of them. */
final class BootTurns {
    private final Guests guests;
    private volatile List<VmName> waiting = List.of();
    /** Counts up whenever what is to be booted in turn is another thing, or nothing. */
    private volatile int number;

    BootTurns(Guests guests) {
        this.guests = guests;
    }

    /** Whether it waits for others to be ready. */
    boolean awaits(VmName vm) {
        return waiting.contains(vm);
    }

    synchronized void begin(GroupRecord record, List<VmDefinition> later) {
        forget();
        if (!later.isEmpty()) {
            waiting = later.stream().map(VmDefinition::name).toList();
            Turn mine = new Turn(number);
            BootSequence sequence = new BootSequence(record.definition().vms(), later, mine);
            Thread.ofVirtual().name("boot-" + record.name()).start(() -> sequence.run(mine::wanted));
        }
    }

    /** Those that wait do so in another order from now on. */
    synchronized void follow(GroupRecord changed) {
        List<VmName> names = waiting;
        if (!names.isEmpty()) {
            begin(
                    changed,
                    changed.definition().vms().stream()
                            .filter(vm -> names.contains(vm.name()))
                            .toList());
        }
    }

    synchronized void forget() {
        number++;
        waiting = List.of();
    }

    private final class Turn implements BootSequence.Fleet {
        private final int of;

        Turn(int of) {
            this.of = of;
        }

        boolean wanted() {
            return of == number;
        }

        @Override
        public boolean ready(VmDefinition vm) {
            return guests.ready(vm);
        }

        @Override
        public void boot(VmDefinition vm) throws IOException, InterruptedException {
            guests.bootInTurn(vm, this::wanted);
        }
    }
}
