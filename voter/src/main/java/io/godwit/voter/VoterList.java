package io.godwit.voter;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** Who votes: at least three sites and witnesses, the same at each of them. In alphabetical order, whatever order they are given in. */
public record VoterList(List<SiteName> names) {
    /** With two, neither could decide without the other: a lost site would stop the one that is left. */
    public static final int LEAST = 3;

    public static final int MOST = 7;

    public VoterList {
        names = names.stream().sorted().toList();
        if (names.size() < LEAST || names.size() > MOST) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "there are %d to %d voters, not %d: name the two sites and a witness, or leave \"voters\" out"
                            .formatted(LEAST, MOST, names.size()));
        }
        if (names.stream().distinct().count() < names.size()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a voter is named twice: " + inWords(names));
        }
    }

    public boolean contains(SiteName name) {
        return names.contains(name);
    }

    /** Refuses a list on which this site or witness isn't. */
    public void requireOwn(SiteName own) {
        if (!contains(own)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s is not among its own voters, which are %s".formatted(own, this));
        }
    }

    List<SiteName> others(SiteName own) {
        return names.stream().filter(name -> !name.equals(own)).toList();
    }

    int majority() {
        return names.size() / 2 + 1;
    }

    /** Another list is another group: those of different lists never count each other's votes. */
    RaftGroup group() {
        UUID id = UUID.nameUUIDFromBytes(("godwit voters " + this).getBytes(StandardCharsets.UTF_8));
        return RaftGroup.valueOf(
                RaftGroupId.valueOf(id),
                names.stream()
                        .map(name -> RaftPeer.newBuilder().setId(peerId(name)).build())
                        .toList());
    }

    static RaftPeerId peerId(SiteName name) {
        return RaftPeerId.valueOf(name.value());
    }

    private static String inWords(List<SiteName> names) {
        return names.stream().map(SiteName::value).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return inWords(names);
    }
}
