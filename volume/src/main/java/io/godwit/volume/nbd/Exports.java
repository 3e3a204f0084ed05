package io.godwit.volume.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server offers at the moment, by name. Until all that it begins with is there, whoever asks for what isn't waits. */
final class Exports {
    private final Map<String, NbdExport> offered = new LinkedHashMap<>();
    private boolean settled;

    /** None yet. */
    Exports() {}

    /** These, and others later, for which nobody waits. */
    Exports(List<NbdExport> exports) {
        exports.forEach(this::add);
        settle();
    }

    /** @throws GodwitException BAD_INPUT if its name is taken */
    final synchronized void add(NbdExport export) {
        if (offered.putIfAbsent(export.name(), export) != null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "two exports have the name " + export.name());
        }
        notifyAll();
    }

    synchronized Optional<NbdExport> remove(String name) {
        return Optional.ofNullable(offered.remove(name));
    }

    /** From now on what isn't there isn't waited for. */
    final synchronized void settle() {
        settled = true;
        notifyAll();
    }

    synchronized List<NbdExport> all() {
        return List.copyOf(offered.values());
    }

    synchronized boolean offers(NbdExport export) {
        return export.equals(offered.get(export.name()));
    }

    /** The export of that name, which may still be on its way; the empty name stands for the only one. */
    synchronized Optional<NbdExport> find(String name) throws InterruptedException {
        while (!settled && !offered.containsKey(name)) {
            wait();
        }
        return name.isEmpty() && offered.size() == 1
                ? Optional.of(offered.values().iterator().next())
                : Optional.ofNullable(offered.get(name));
    }
}
