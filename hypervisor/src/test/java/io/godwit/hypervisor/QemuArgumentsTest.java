package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The command line is a function of the specification alone. */
class QemuArgumentsTest {
    private static final VmSpec SPEC = new VmSpec(
            new VmName("web"),
            2,
            ByteCount.ofMiB(256),
            Path.of("/dev/shm/godwit/web.ram"),
            Path.of("/run/godwit/web"),
            List.of(
                    new VmDisk(new DiskName("root"), Path.of("/run/godwit/nbd"), "shop/root"),
                    new VmDisk(new DiskName("data-of-the-whole-shop"), Path.of("/run/godwit/nbd"), "shop/data")),
            Optional.of(new Nic("gw-web0", "52:54:00:12:34:56")),
            MachineType.newest(Accelerator.TCG));

    @Test
    void theGuestIsStoppedUntilItIsToldToRun() {
        assertThat(QemuArguments.of(SPEC, Start.BOOT)).contains("-S").doesNotContain("-incoming");
        assertThat(QemuArguments.of(SPEC, Start.INCOMING)).contains("-S").containsSequence("-incoming", "defer");
    }

    @Test
    void ramIsTheSharedFileAndIsNamedAlikeAtBothEnds() {
        assertThat(QemuArguments.of(SPEC, Start.BOOT))
                .containsSequence("-m", "256M")
                .containsSequence("-machine", "pc-q35-7.2,memory-backend=ram0,suppress-vmdesc=on")
                .containsSequence(
                        "-object",
                        "{\"qom-type\":\"memory-backend-file\",\"id\":\"ram0\",\"size\":268435456,"
                                + "\"mem-path\":\"/dev/shm/godwit/web.ram\",\"share\":true}");
    }

    @Test
    void disksWaitForTheirServerAndStopTheGuestRatherThanShowItAnError() {
        assertThat(QemuArguments.of(SPEC, Start.BOOT))
                .anySatisfy(it -> assertThat(it)
                        .contains("\"node-name\":\"node-root\"", "\"export\":\"shop/root\"")
                        .contains("\"reconnect-delay\":600", "\"discard\":\"unmap\""))
                .anySatisfy(it -> assertThat(it)
                        .contains("virtio-blk-pci", "\"addr\":\"0x4\"", "\"bootindex\":0")
                        .contains("\"rerror\":\"stop\"", "\"werror\":\"stop\""))
                .anySatisfy(it -> assertThat(it)
                        .contains("\"addr\":\"0x5\"", "\"bootindex\":1")
                        .contains("\"serial\":\"data-of-the-whole-sh\""));
    }

    @Test
    void theNetworkCardUsesTheGivenTapAndRunsNoScripts() {
        assertThat(QemuArguments.of(SPEC, Start.BOOT))
                .anySatisfy(it ->
                        assertThat(it).contains("\"ifname\":\"gw-web0\"", "\"script\":\"no\"", "\"downscript\":\"no\""))
                .anySatisfy(it -> assertThat(it).contains("virtio-net-pci", "\"mac\":\"52:54:00:12:34:56\""));
    }

    @Test
    void theGuestHasPortsForItsAgentAndForWhoeverAsksForCheckpoints() {
        assertThat(QemuArguments.of(SPEC, Start.INCOMING))
                .contains("virtserialport,bus=serial0.0,nr=1,chardev=agent,name=org.qemu.guest_agent.0")
                .contains("virtserialport,bus=serial0.0,nr=2,chardev=inside,name=io.godwit.checkpoint")
                .contains("socket,id=inside,path=%s,server=on,wait=off".formatted(SPEC.checkpointPort()));
    }

    @Test
    void theTapMustExist() throws IOException {
        new Nic("lo", "52:54:00:12:34:56").requireTap();
        assertThatThrownBy(() -> new Nic("gwabsent0", "52:54:00:12:34:56").requireTap())
                .hasMessageContaining("no TAP interface gwabsent0");
    }

    @Test
    void nothingIsTakenFromTheHostsConfigurationAndQemuIsConfined() {
        assertThat(QemuArguments.of(SPEC, Start.BOOT))
                .contains("-nodefaults", "-no-user-config", "-sandbox")
                .containsSequence("-display", "none");
    }

    @Test
    void commasInPathsAreNoOptions() {
        VmSpec spec = new VmSpec(
                SPEC.name(),
                1,
                SPEC.memory(),
                Path.of("/r,am"),
                Path.of("/ru,n"),
                SPEC.disks(),
                SPEC.nic(),
                SPEC.machine());
        assertThat(QemuArguments.of(spec, Start.BOOT))
                .contains("socket,id=qmp,path=/ru,,n/qmp,server=on,wait=off")
                .anySatisfy(it -> assertThat(it).contains("\"mem-path\":\"/r,am\""));
    }

    @Test
    void aKvmMachineHasAModelThatCanMoveBetweenHosts() {
        MachineType machine = MachineType.newest(Accelerator.KVM);
        assertThat(machine.cpu()).isNotEqualTo("host").contains("enforce");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new MachineType("q35", Accelerator.TCG, "qemu64"))
                .hasMessageContaining("not a versioned q35 machine type");
        assertThatThrownBy(() -> new MachineType("pc-q35-7.2", Accelerator.TCG, "qemu64 -daemonize"))
                .isInstanceOf(GodwitException.class);
        assertThatThrownBy(() -> new Nic("a/b", "52:54:00:12:34:56")).isInstanceOf(GodwitException.class);
        assertThatThrownBy(() -> new Nic("tap0", "53:54:00:12:34:56")).hasMessageContaining("not a unicast MAC");
        assertThatThrownBy(() -> new VmSpec(
                        SPEC.name(),
                        0,
                        SPEC.memory(),
                        SPEC.ramFile(),
                        SPEC.runDir(),
                        SPEC.disks(),
                        SPEC.nic(),
                        SPEC.machine()))
                .hasMessageContaining("0 processors");
        assertThatThrownBy(() -> new VmSpec(
                        SPEC.name(),
                        1,
                        new ByteCount(100),
                        SPEC.ramFile(),
                        SPEC.runDir(),
                        SPEC.disks(),
                        SPEC.nic(),
                        SPEC.machine()))
                .hasMessageContaining("whole MiB");
    }
}
