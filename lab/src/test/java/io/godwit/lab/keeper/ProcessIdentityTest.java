package io.godwit.lab.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
    @Test
    void aProcessIsKnownByItsStart() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        try {
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
            assertThat(identity.stillRuns()).isTrue();
            ProcessIdentity another = new ProcessIdentity(process.pid(), identity.startTicks() + 1);
            assertThat(another.stillRuns()).isFalse();
            another.end(Duration.ofMillis(10));
            assertThat(process.isAlive()).as("it was not meant").isTrue();
            identity.end(Duration.ofSeconds(10));
            assertThat(process.waitFor()).isNotZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
