package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/** Why QEMU ended at its start: a sentence for people from what it wrote, with its own words at the end. */
final class StartFailure {
    private StartFailure() {}

    static GodwitException explain(VmSpec spec, String words) {
        String tap = spec.nic().map(Nic::tap).orElse("");
        if (words.contains("/dev/net/tun")) {
            return network(tap, words);
        }
        for (VmDisk disk : spec.disks()) {
            if (words.contains(disk.nbdSocket().toString()) || words.contains("node-" + disk.name())) {
                return failure(
                        ErrorCode.UNREACHABLE,
                        "disk %s is not served as '%s' on %s".formatted(disk.name(), disk.export(), disk.nbdSocket()),
                        words);
            }
        }
        if (words.contains("unsupported machine type")) {
            return failure(
                    ErrorCode.UNSUPPORTED,
                    "this QEMU does not know the machine type %s: install QEMU 7.2 or newer"
                            .formatted(spec.machine().name()),
                    words);
        }
        if (words.contains("Cannot allocate memory")) {
            return failure(
                    ErrorCode.NO_SPACE, "there is too little memory for %s of RAM".formatted(spec.memory()), words);
        }
        return failure(ErrorCode.FAILED, "QEMU could not start %s".formatted(spec.name()), words);
    }

    private static GodwitException network(String tap, String words) {
        if (words.contains("No such file")) {
            return failure(
                    ErrorCode.UNSUPPORTED,
                    "this machine has no TUN device (/dev/net/tun): load the kernel module tun",
                    words);
        }
        if (words.contains("busy")) {
            return failure(ErrorCode.CONFLICT, "the TAP %s is in use by another program".formatted(tap), words);
        }
        return failure(ErrorCode.DENIED, "QEMU may not use the TAP %s: run as root".formatted(tap), words);
    }

    private static GodwitException failure(ErrorCode code, String sentence, String words) {
        return new GodwitException(
                code, words.isEmpty() ? sentence : "%s (QEMU: %s)".formatted(sentence, oneLine(words)));
    }

    private static String oneLine(String words) {
        return words.replace(QemuProgram.NAME + ": ", "").replaceAll("\\s*\\R\\s*", "; ");
    }
}
