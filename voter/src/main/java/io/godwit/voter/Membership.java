package io.godwit.voter;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.link.SiteIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;

/**
 * That a site votes, and where it keeps what it has voted: written once beside the site's keys, before the first vote, and in the voter's own
 * directory. A voter that has lost that directory would vote a second time about what it has decided already; so it doesn't vote any more.
 *
 * @param id drawn once, when the directory is made
 * @param voters the list under which it votes; those of another would not be outvoted by it
 */
record Membership(UUID id, VoterList voters) {
    private static final String FILE = "member.json";

    /** Makes the directory of a voter that is new, or finds out that it is the one this site has always voted with. */
    static Membership take(SiteIdentity identity, VoterList voters, Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        DurableFile sworn = identity.votingFile();
        DurableFile kept = new DurableFile(directory.resolve(FILE));
        Optional<Membership> bySite = read(sworn);
        Optional<Membership> byDirectory = read(kept);
        if (bySite.isEmpty()) {
            Membership member = new Membership(UUID.randomUUID(), voters);
            requireUnused(directory, byDirectory);
            kept.write(Json.bytes(member));
            sworn.write(Json.bytes(member));
            return member;
        }
        bySite.get().requireSame(byDirectory, voters, sworn.path(), directory);
        return bySite.get();
    }

    /** A directory without the site's word is what an earlier start has left before it had voted; or that of another site. */
    private static void requireUnused(Path directory, Optional<Membership> found) throws IOException {
        if (Files.exists(directory.resolve(RaftStore.NAME))) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "%s holds the votes of another%s: a voter does not begin with them. Move it away"
                            .formatted(directory, found.isPresent() ? " site, or of this one with other keys" : ""));
        }
    }

    private void requireSame(Optional<Membership> found, VoterList wanted, Path sworn, Path directory) {
        if (found.isEmpty() || !found.get().id().equals(id)) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    ("this site has voted before, and %s does not hold its votes: it must not vote as if it never had."
                                    + " Bring the directory back, or begin anew with all voters (docs/witness.md)")
                            .formatted(directory));
        }
        if (!voters.equals(wanted)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    ("the voters are %s according to %s, and %s according to the configuration:"
                                    + " a list is changed at all voters together (docs/witness.md)")
                            .formatted(voters, sworn, wanted));
        }
    }

    private static Optional<Membership> read(DurableFile file) throws IOException {
        return file.read()
                .map(json -> Json.read(json, Membership.class, file.path().toString()));
    }
}
