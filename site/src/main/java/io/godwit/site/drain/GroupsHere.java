package io.godwit.site.drain;

import io.godwit.core.GroupName;
import java.util.List;
import java.util.Map;

/** The groups of a site, those that only follow included. */
public interface GroupsHere {
    List<Departing> all();

    /** Those that are stored here and could not be taken up, and why. */
    Map<GroupName, String> idle();
}
