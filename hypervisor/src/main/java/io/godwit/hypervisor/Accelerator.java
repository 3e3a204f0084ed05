package io.godwit.hypervisor;

/** What runs a guest's instructions. Both ends of a move use the same one: their device states differ. */
public enum Accelerator {
    /** The processor itself, through the kernel. */
    KVM("kvm", "Nehalem,enforce=on"),
    /** Translation in software; slow, but everywhere. With {@code rdrand} a guest needn't wait for randomness at boot. */
    TCG("tcg,thread=multi", "qemu64,+rdrand");

    final String argument;

    /**
     * A model that any 64-bit host of the last decade can be, whoever made it, so that a guest can move between hosts;
     * with {@code enforce} a host that lacks a part of it says so at once instead of giving the guest less.
     */
    final String cpuModel;

    Accelerator(String argument, String cpuModel) {
        this.argument = argument;
        this.cpuModel = cpuModel;
    }

    /** KVM if a guest really runs with it, which is tried out and takes up to 3 s, else TCG. */
    public static Accelerator detect() {
        return KvmProbe.succeeds() ? KVM : TCG;
    }
}
