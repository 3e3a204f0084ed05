package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AcceleratorTest {
    /** Proves the probe's guest: where it fails with KVM, it isn't the guest's fault. */
    @Test
    void theProbesGuestRunsInSoftware() {
        assertThat(KvmProbe.runs(Accelerator.TCG)).isTrue();
    }

    @Test
    void aGuestRunsWithWhatIsDetected() {
        assertThat(KvmProbe.runs(Accelerator.detect())).isTrue();
    }

    @Test
    void aHostWithoutQemuSaysSo() {
        assertThat(QemuProgram.find("/nonexistent:/proc")).isEmpty();
        assertThat(QemuProgram.find("/nonexistent:/usr/bin")).isPresent();
    }
}
