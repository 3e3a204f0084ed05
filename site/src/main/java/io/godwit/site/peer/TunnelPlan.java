package io.godwit.site.peer;

/**
 * The tunnel of a move, as its source plans it.
 *
 * @param vni its number, the same at both ends
 * @param sourceUnderlay the source's address on the path between the sites
 * @param sourceInner and {@code targetInner}: the two ends' addresses inside, with prefix length
 */
public record TunnelPlan(int vni, String sourceUnderlay, String sourceInner, String targetInner) {}
