package io.godwit.network;

/** Where this site sends a service's traffic that reaches it from outside a tunnel. */
public enum Placement {
    /** To the VM's TAP at this site. */
    HERE,
    /** Into the tunnel to the site where the VM is, or will be in a moment. */
    ELSEWHERE
}
