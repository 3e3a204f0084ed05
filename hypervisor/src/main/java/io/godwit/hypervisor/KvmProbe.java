package io.godwit.hypervisor;

import io.godwit.core.Command;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Tries whether KVM runs a guest: a device file that can be opened proves little (nested machines offer one that
 * hangs). The guest is a firmware of one instruction sequence that writes to QEMU's debug-exit port.
 */
final class KvmProbe {
    private static final System.Logger LOG = System.getLogger(KvmProbe.class.getName());
    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Duration AT_MOST = Duration.ofSeconds(3);

    private static final int FIRMWARE_BYTES = 64 << 10;

    /** The processor's first instruction is 16 bytes before the firmware's end. */
    private static final int RESET_VECTOR = FIRMWARE_BYTES - 16;

    /** mov al, 0x10; out 0xf4, al; hlt: QEMU then exits with (0x10 << 1) | 1. */
    private static final byte[] CODE = {(byte) 0xb0, 0x10, (byte) 0xe6, (byte) 0xf4, (byte) 0xf4};

    private static final int WORKS = 0x21;

    private KvmProbe() {}

    static boolean succeeds() {
        return Files.isReadable(DEVICE) && Files.isWritable(DEVICE) && runs(Accelerator.KVM);
    }

    /** Whether the probe guest runs to its end; false also when QEMU is missing. */
    static boolean runs(Accelerator accelerator) {
        try {
            Path firmware = Files.createTempFile("godwit-probe-", ".bin");
            try {
                Files.write(firmware, firmware());
                return run(accelerator, firmware);
            } finally {
                Files.deleteIfExists(firmware);
            }
        } catch (IOException | GodwitException failure) {
            LOG.log(System.Logger.Level.INFO, "%s can't be used here".formatted(accelerator), failure);
            return false;
        }
    }

    private static boolean run(Accelerator accelerator, Path firmware) {
        Command.Outcome outcome = new Command(QemuArguments.probe(accelerator, firmware), AT_MOST).attempt();
        if (outcome.exitCode() != WORKS) {
            LOG.log(System.Logger.Level.INFO, "{0} can''t be used here: {1}", accelerator, outcome.output());
        }
        return outcome.exitCode() == WORKS;
    }

    private static byte[] firmware() {
        byte[] firmware = new byte[FIRMWARE_BYTES];
        Arrays.fill(firmware, (byte) 0xf4);
        System.arraycopy(CODE, 0, firmware, RESET_VECTOR, CODE.length);
        return firmware;
    }
}
