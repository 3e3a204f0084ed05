package io.godwit.quorum;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.util.TreeMap;

/** The names that the tests use: group shop, owned by east, with a replica at west. */
final class Shop {
    static final GroupName SHOP = new GroupName("shop");
    static final SiteName EAST = new SiteName("east");
    static final SiteName WEST = new SiteName("west");
    static final Session RUN = new Session(1);
    static final Session WEST_RUN = new Session(2);
    static final int LEASE = 3_000;
    static final Term FIRST = Term.FIRST;

    private Shop() {}

    static Holding east(long number) {
        return new Holding(SHOP, EAST, RUN, FIRST, number);
    }

    static QuorumCommand registered() {
        return new QuorumCommand.Register(SHOP, EAST, RUN, FIRST, LEASE);
    }

    static Ownership ofEast(long number) {
        return new Ownership(EAST, FIRST, RUN, number, LEASE, new Standing.Held(), new TreeMap<>());
    }
}
