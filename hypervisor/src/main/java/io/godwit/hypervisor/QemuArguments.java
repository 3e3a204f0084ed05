package io.godwit.hypervisor;

import io.godwit.core.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of QEMU for a virtual machine: a pure function of its specification. Devices have fixed places on
 * the bus, so that both ends of a move build the same machine. See {@code docs/decisions/0303-driving-qemu.md}.
 */
final class QemuArguments {
    /** How long a disk's requests wait for its server to come back before the guest is stopped. */
    private static final int RECONNECT_SECONDS = 600;

    private static final int RING_ENTRIES = 256;
    private static final int SERIAL_SLOT = 0x2;
    private static final int NIC_SLOT = 0x3;
    private static final int FIRST_DISK_SLOT = 0x4;

    /** The longest serial number a virtio disk has. */
    private static final int MAX_SERIAL_CHARS = 20;

    private static final String RAM = "ram0";

    /** The name of the serial port for the guest's agent, inside QEMU. */
    static final String AGENT = "agent";

    private static final String INSIDE = "inside";

    private QemuArguments() {}

    /** Everything after the program: the guest is stopped ({@code -S}) until it is told to run. */
    static List<String> of(VmSpec spec, Start start) {
        RunDirectory run = new RunDirectory(spec.runDir());
        List<String> arguments = new ArrayList<>(base(spec.machine()));
        add(arguments, "-name", "guest=%s,debug-threads=on".formatted(spec.name()));
        add(arguments, "-smp", Integer.toString(spec.vcpus()));
        add(arguments, "-m", "%dM".formatted(spec.memory().bytes() >> 20));
        add(arguments, "-object", ram(spec));
        add(arguments, "-rtc", "base=utc");
        add(arguments, "-boot", "strict=on");
        arguments.add("-S");
        add(arguments, "-pidfile", run.pidFile().toString());
        add(arguments, "-chardev", "socket,id=qmp,path=%s,server=on,wait=off".formatted(text(run.control())));
        add(arguments, "-mon", "chardev=qmp,mode=control");
        add(arguments, "-chardev", "file,id=console,path=%s,append=on".formatted(text(run.console())));
        add(arguments, "-device", "isa-serial,chardev=console");
        ports(arguments, run);
        disks(arguments, spec.disks());
        spec.nic().ifPresent(nic -> nic(arguments, nic));
        if (start == Start.INCOMING) {
            add(arguments, "-incoming", "defer");
        }
        return arguments;
    }

    /** Whether anybody in the guest uses its serial ports is the guest's affair: they are there. */
    private static void ports(List<String> arguments, RunDirectory run) {
        add(arguments, "-device", "virtio-serial-pci,id=serial0,max_ports=3,addr=0x%x".formatted(SERIAL_SLOT));
        port(arguments, 1, AGENT, run.agent(), "org.qemu.guest_agent.0");
        port(arguments, 2, INSIDE, run.inside(), "io.godwit.checkpoint");
    }

    private static void port(List<String> arguments, int number, String id, Path socket, String nameInside) {
        add(arguments, "-chardev", "socket,id=%s,path=%s,server=on,wait=off".formatted(id, text(socket)));
        add(
                arguments,
                "-device",
                "virtserialport,bus=serial0.0,nr=%d,chardev=%s,name=%s".formatted(number, id, nameInside));
    }

    /** The whole command that runs nothing but a firmware. */
    static List<String> probe(Accelerator accelerator, Path firmware) {
        MachineType machine = MachineType.newest(accelerator);
        List<String> command = new ArrayList<>(List.of(QemuProgram.NAME, "-nodefaults", "-no-user-config"));
        add(command, "-display", "none");
        add(command, "-machine", machine.name());
        add(command, "-accel", accelerator.argument);
        add(command, "-cpu", machine.cpu());
        add(command, "-bios", firmware.toString());
        add(command, "-device", "isa-debug-exit,iobase=0xf4,iosize=0x4");
        return command;
    }

    private static List<String> base(MachineType machine) {
        List<String> arguments = new ArrayList<>(List.of("-nodefaults", "-no-user-config"));
        add(arguments, "-display", "none");
        add(arguments, "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
        add(arguments, "-machine", "%s,memory-backend=%s,suppress-vmdesc=on".formatted(machine.name(), RAM));
        add(arguments, "-accel", machine.accelerator().argument);
        add(arguments, "-cpu", machine.cpu());
        return arguments;
    }

    private static String ram(VmSpec spec) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("qom-type", "memory-backend-file");
        object.put("id", RAM);
        object.put("size", spec.memory().bytes());
        object.put("mem-path", spec.ramFile().toString());
        object.put("share", true);
        return Json.line(object);
    }

    private static void disks(List<String> arguments, List<VmDisk> disks) {
        for (int i = 0; i < disks.size(); i++) {
            VmDisk disk = disks.get(i);
            add(arguments, "-blockdev", blockdev(disk));
            add(arguments, "-device", diskDevice(disk, i));
        }
    }

    private static String blockdev(VmDisk disk) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("driver", "nbd");
        node.put("node-name", "node-" + disk.name());
        node.put("server", Map.of("type", "unix", "path", disk.nbdSocket().toString()));
        node.put("export", disk.export());
        node.put("reconnect-delay", RECONNECT_SECONDS);
        node.put("discard", "unmap");
        return Json.line(node);
    }

    private static String diskDevice(VmDisk disk, int index) {
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("driver", "virtio-blk-pci");
        device.put("id", "disk-" + disk.name());
        device.put("drive", "node-" + disk.name());
        device.put("addr", "0x%x".formatted(FIRST_DISK_SLOT + index));
        device.put("bootindex", index);
        device.put("serial", serial(disk));
        device.put("queue-size", RING_ENTRIES);
        device.put("rerror", "stop");
        device.put("werror", "stop");
        return Json.line(device);
    }

    private static String serial(VmDisk disk) {
        String name = disk.name().value();
        return name.substring(0, Math.min(name.length(), MAX_SERIAL_CHARS));
    }

    private static void nic(List<String> arguments, Nic nic) {
        Map<String, Object> netdev = new LinkedHashMap<>();
        netdev.put("type", "tap");
        netdev.put("id", "net0");
        netdev.put("ifname", nic.tap());
        netdev.put("script", "no");
        netdev.put("downscript", "no");
        netdev.put("vhost", false);
        add(arguments, "-netdev", Json.line(netdev));
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("driver", "virtio-net-pci");
        device.put("id", "nic0");
        device.put("netdev", "net0");
        device.put("mac", nic.mac());
        device.put("addr", "0x%x".formatted(NIC_SLOT));
        device.put("romfile", "");
        device.put("rx_queue_size", RING_ENTRIES);
        device.put("tx_queue_size", RING_ENTRIES);
        add(arguments, "-device", Json.line(device));
    }

    /** A path as a value of an option in QEMU's key=value form, where a comma is written twice. */
    private static String text(Path path) {
        return path.toString().replace(",", ",,");
    }

    private static void add(List<String> arguments, String option, String value) {
        arguments.add(option);
        arguments.add(value);
    }
}
