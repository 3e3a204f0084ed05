package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What QEMU writes when it can't start, as it was seen, and what a person reads. */
class StartFailureTest {
    private static final VmSpec SPEC = new VmSpec(
            new VmName("web"),
            1,
            ByteCount.ofMiB(256),
            Path.of("/ram"),
            Path.of("/run"),
            List.of(new VmDisk(new DiskName("root"), Path.of("/nbd"), "shop/root")),
            Optional.of(new Nic("gw-web0", "52:54:00:12:34:56")),
            MachineType.newest(Accelerator.TCG));

    @Test
    void aBusyTap() {
        assertExplained(
                "could not configure /dev/net/tun (gw-web0): Device or resource busy",
                ErrorCode.CONFLICT,
                "the TAP gw-web0 is in use by another program");
    }

    @Test
    void noTunDevice() {
        assertExplained(
                "could not open /dev/net/tun: No such file or directory",
                ErrorCode.UNSUPPORTED,
                "this machine has no TUN device");
    }

    @Test
    void notRoot() {
        assertExplained(
                "could not open /dev/net/tun: Permission denied",
                ErrorCode.DENIED,
                "QEMU may not use the TAP gw-web0: run as root");
    }

    @Test
    void tooLittleMemory() {
        assertExplained(
                "cannot set up guest memory 'ram0': Cannot allocate memory",
                ErrorCode.NO_SPACE,
                "there is too little memory for 256 MiB of RAM");
    }

    @Test
    void anythingElseIsInQemusWords() {
        assertExplained("-cpu x: unable to find\nCPU model", ErrorCode.FAILED, "unable to find; CPU model");
    }

    private static void assertExplained(String words, ErrorCode code, String sentence) {
        GodwitException explained = StartFailure.explain(SPEC, QemuProgram.NAME + ": " + words);
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained.sentence())
                .contains(sentence)
                .contains(words.lines().findFirst().orElseThrow());
    }
}
