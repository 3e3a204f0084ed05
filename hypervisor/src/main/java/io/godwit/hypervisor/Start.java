package io.godwit.hypervisor;

/** How a QEMU begins. */
public enum Start {
    /** The guest boots from its first disk. */
    BOOT,
    /** No processor runs; RAM and device state come from another site, then {@link Qemu#resume}. */
    INCOMING
}
