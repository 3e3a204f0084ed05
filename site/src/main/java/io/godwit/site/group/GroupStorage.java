package io.godwit.site.group;

import io.godwit.volume.GroupStore;
import io.godwit.volume.StoreStatus;
import java.util.Optional;

/** The state of what a site stores of a group, whatever its role. */
public final class GroupStorage {
    private GroupStorage() {}

    /** Empty where seeding has not begun yet. */
    public static Optional<StoreStatus> of(GroupAgent agent) {
        Optional<GroupStore> store = switch (agent.role()) {
            case Serving serving -> Optional.of(serving.store());
            case Following following -> following.replica().store();
        };
        return store.map(GroupStore::status);
    }
}
