package io.godwit.quorum;

/** Why the voters refused a command. */
public enum Refusal {
    UNKNOWN("no group of that name is registered"),
    REGISTERED("a group of that name is registered already, or was, in a term that is not older"),
    FULL("as many groups are registered, or replicas of this one rated, as the voters keep"),
    NOT_THE_OWNER("another site owns the group, or it is another term"),
    ANOTHER_RUN("another run of the owner's daemon has taken the group up"),
    OVERTAKEN("a later command was applied before this one"),
    OFFERED("the owner has offered the group to another site"),
    RELEASED("the owner has let go of the group, and whoever goes on with it has to claim it"),
    NOT_OFFERED("the group is not offered to that site, or not any more"),
    CHANGED("something was agreed since: a renewal, or another owner"),
    ITS_OWN("the owner cannot claim the group from itself"),
    NO_REPLICA("the site's replica is not good enough to take over");

    private final String sentence;

    Refusal(String sentence) {
        this.sentence = sentence;
    }

    /** For people; begins with a small letter. */
    public String sentence() {
        return sentence;
    }
}
