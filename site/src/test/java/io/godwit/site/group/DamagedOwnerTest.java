package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.site.FollowingSite;
import io.godwit.volume.GroupStore;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the owner's site has changed bits in the log, while its daemon was away; the daemon of the other site has them still. */
@Timeout(120)
class DamagedOwnerTest {
    private static final int LENGTH = 1 << 20;
    /** Of the first segment; somewhere in what was written. */
    private static final int DAMAGED = 600_000;

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupAtHome east;
    private final byte[] content = new byte[LENGTH];

    @BeforeEach
    void write() throws Exception {
        west = new FollowingSite(directory.resolve("follower"));
        west.pair();
        east = new GroupAtHome(directory.resolve("owner"), GroupAtHome.EAST, west.owner());
        west.define(east.agent().record().definition());
        west.ship(store());
        new Random(11).nextBytes(content);
        store().disk(GroupAtHome.ROOT).write(0, ByteBuffer.wrap(content));
        store().awaitDurable(store().head());
        west.ship(store());
        east.agent().leave();
    }

    @AfterEach
    void end() throws Exception {
        east.close();
        west.close();
    }

    private GroupStore store() {
        return ((Serving) east.agent().role()).store();
    }

    private void damage() throws Exception {
        Path segment;
        try (Stream<Path> segments = Files.list(east.files().store().resolve("log"))) {
            segment = segments.min(Path::compareTo).orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(DAMAGED);
            int was = file.read();
            file.seek(DAMAGED);
            file.write(was ^ 1);
        }
    }

    @Test
    void whatItLostComesBackFromTheReplica() throws Exception {
        damage();
        east.takeUp();
        byte[] found = new byte[LENGTH];
        store().disk(GroupAtHome.ROOT).read(0, ByteBuffer.wrap(found));
        assertThat(found).isEqualTo(content);
    }

    @Test
    void asLongAsTheReplicaCannotBeReachedNothingIsServed() throws Exception {
        damage();
        west.whileStopped(() -> assertThatThrownBy(() -> east.takeUp())
                .isInstanceOfSatisfying(GodwitException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.CORRUPT);
                    assertThat(refusal.sentence())
                            .contains("was on stable storage")
                            .contains("it could not be repaired from west");
                }));
        east.takeUp();
        byte[] found = new byte[LENGTH];
        store().disk(GroupAtHome.ROOT).read(0, ByteBuffer.wrap(found));
        assertThat(found).isEqualTo(content);
    }
}
