package io.godwit.hypervisor;

import io.godwit.memory.RamFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A guest of one disk sector that never stops working. At each tick of the timer (18 a second) it counts, changes 48
 * pages that it picks at random among 16 MiB of RAM, sometimes whole and sometimes a few bytes, and every eighth time
 * it writes its counter to the second sector of its disk.
 *
 * <pre>
 * start:  cli
 *         xorw %ax, %ax; movw %ax, %ds; movw %ax, %ss; movw $0x7c00, %sp
 *         movb %dl, 0x8010              # the disk booted from
 *         sti
 * next:   hlt
 *         incl 0x8000                   # the counter
 *         lgdtl gdtr                    # make all 4 GiB reachable through %es
 *         cli
 *         movl %cr0, %eax; orb $1, %al; movl %eax, %cr0
 *         movw $8, %bx; movw %bx, %es
 *         andb $0xfe, %al; movl %eax, %cr0
 *         movw $48, %cx
 * page:   imull $1664525, 0x8004, %edi; addl $1013904223, %edi; movl %edi, 0x8004
 *         shrl $8, %edi; andl $0xfff000, %edi; addl $0x200000, %edi
 *         movl 0x8000, %eax
 *         testb $0x10, 0x8005; jz some
 *         pushw %cx; movl $1024, %ecx; cld; rep stosl %eax, %es:(%edi); popw %cx
 *         loop page; jmp disk
 * some:   movl %eax, %es:24(%edi)
 *         loop page
 * disk:   sti
 *         testb $7, 0x8000; jnz next
 *         movw $dap, %si; movb 0x8010, %dl; movb $0x43, %ah; xorb %al, %al; int $0x13
 *         jmp next
 * dap:    .byte 16, 0; .word 1, 0x8000, 0; .quad 1
 * gdt:    .quad 0, 0x00cf93000000ffff
 * gdtr:   .word 15; .long gdt
 * </pre>
 */
final class TinyGuest {
    static final long DISK_BYTES = 1 << 20;

    private static final int SECTOR_BYTES = 512;
    private static final long COUNTER_ADDRESS = 0x8000;
    private static final byte[] CODE = HexFormat.of()
            .parseHex("fa31c08ed88ed0bc007c88161080fbf466ff060080660f0116b47cfa0f20c00c010f22c0bb08008ec324fe0f22c0b930"
                    + "0066693e04800d6619006681c75ff36e3c66893e048066c1ef086681e700f0ff006681c70000200066a10080f6060580"
                    + "1074115166b900040000fc6766f3ab59e2bfeb08266766894718e2b5fbf606008007758bbe947c8a161080b44330c0cd"
                    + "13e97bff100001000080000001000000000000000000000000000000ffff00000093cf000f00a47c0000");

    private TinyGuest() {}

    /** Makes the disk that it boots from. */
    static void writeDisk(Path path) throws IOException {
        ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES).put(CODE);
        sector.put(510, (byte) 0x55).put(511, (byte) 0xaa);
        Files.write(path, sector.array());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
    }

    /** How far it has counted, as its RAM says. */
    static int counter(RamFile ram) {
        return ram.memory().get(ValueLayout.JAVA_INT_UNALIGNED, COUNTER_ADDRESS);
    }

    /** How far it had counted when it last wrote to its disk. */
    static int counterOnDisk(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            byte[] sector = new byte[SECTOR_BYTES];
            file.seek(SECTOR_BYTES);
            file.readFully(sector);
            return ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN).getInt();
        }
    }
}
