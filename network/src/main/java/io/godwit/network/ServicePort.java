package io.godwit.network;

/** Where one VM is plugged in at a site: its TAP device (made here, opened by QEMU by name), its address and its MAC. */
public record ServicePort(InterfaceName tap, Ipv4Address address, MacAddress mac) {}
