package io.godwit.voter.witness;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.link.PeerAddress;
import io.godwit.voter.VoterList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * How a witness is set up; {@code docs/witness.md} describes the file.
 *
 * @param stateDir what must survive: its keys, and what was decided
 * @param runDir its API's socket
 * @param listen address and port for the other voters
 */
record WitnessConfig(SiteName name, String stateDir, String runDir, String listen, List<SiteName> voters) {
    WitnessConfig {
        PeerAddress.parse(listen);
        new VoterList(voters).requireOwn(name);
        for (String directory : new String[] {stateDir, runDir}) {
            if (!Path.of(directory).isAbsolute()) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not an absolute path".formatted(directory));
            }
        }
    }

    static WitnessConfig load(Path file) {
        try {
            return Json.read(Files.readString(file), WitnessConfig.class, file.toString());
        } catch (NoSuchFileException absent) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "there is no configuration of a witness at %s: `witness init` writes one".formatted(file),
                    absent);
        } catch (IOException unreadable) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s cannot be read: %s".formatted(file, unreadable.getMessage()), unreadable);
        }
    }

    /** Writes it where nothing is yet. */
    void write(Path file) {
        try {
            byte[] json = (Json.pretty(this) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, json, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException taken) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%s is there already, and was left as it is".formatted(file), taken);
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s cannot be written: %s".formatted(file, failed.getMessage()), failed);
        }
    }

    PeerAddress listenAddress() {
        return PeerAddress.parse(listen);
    }

    VoterList voterList() {
        return new VoterList(voters);
    }

    Path identityDirectory() {
        return Path.of(stateDir).resolve("identity");
    }

    Path voterDirectory() {
        return Path.of(stateDir).resolve("voter");
    }

    Path apiSocket() {
        return Path.of(runDir).resolve("api.sock");
    }
}
