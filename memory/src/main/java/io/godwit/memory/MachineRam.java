package io.godwit.memory;

import io.godwit.core.ByteCount;
import io.godwit.core.VmName;

/** A machine whose memory is part of a group's checkpoints, and the size of that memory. */
public record MachineRam(VmName name, ByteCount size) {}
