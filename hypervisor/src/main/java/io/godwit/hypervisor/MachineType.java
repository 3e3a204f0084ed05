package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.regex.Pattern;

/**
 * The hardware that a guest sees, as QEMU names it. It is fixed when the virtual machine is first started and moves
 * with it: both ends must agree on every part.
 *
 * @param name with its version, such as {@code pc-q35-7.2}; a name without one means other hardware in every release
 * @param accelerator what runs it
 * @param cpu QEMU's CPU model, with its options
 */
public record MachineType(String name, Accelerator accelerator, String cpu) {
    private static final Pattern VERSIONED = Pattern.compile("pc-q35-\\d{1,2}\\.\\d{1,2}");
    private static final Pattern CPU = Pattern.compile("[A-Za-z0-9_.+=,-]{1,256}");

    /** The newest that QEMU 7.2 has; every later QEMU has it too. */
    private static final String NEWEST = "pc-q35-7.2";

    public MachineType {
        if (!VERSIONED.matcher(name).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not a versioned q35 machine type: write one such as %s".formatted(name, NEWEST));
        }
        if (!CPU.matcher(cpu).matches()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not a CPU model".formatted(cpu));
        }
    }

    /** The machine for a new guest. */
    public static MachineType newest(Accelerator accelerator) {
        return new MachineType(NEWEST, accelerator, accelerator.cpuModel);
    }
}
