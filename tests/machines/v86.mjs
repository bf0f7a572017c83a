// A PC in v86, without a browser: the serial line on stdin and stdout, pictures on request.
//
//   node v86.mjs V86_FOLDER MEMORY_BYTES CONTROL_FD kernel|cd IMAGE [BIOS VGA_BIOS]
//
// A line on CONTROL_FD names a file; the screen is written there as a PPM (ppm(5)), and a line is
// answered: nothing if all went well, else what went wrong. With "-" for CONTROL_FD: no pictures.

import { readFileSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, memoryBytes, controlNumber, boots, image, bios, vgaBios] = process.argv.slice(2);
const { V86 } = await import(pathToFileURL(join(folder, "build/libv86.mjs")));

function load(path) {
    const bytes = readFileSync(path);
    return { buffer: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) };
}

const machine = new V86({
    wasm_path: join(folder, "build/v86.wasm"),
    memory_size: Number(memoryBytes),
    vga_memory_size: 8 << 20,
    disable_speaker: true,
    autostart: true,
    ...(boots === "kernel" ? { multiboot: load(image) }
        : { bios: load(bios), vga_bios: load(vgaBios), cdrom: load(image), boot_order: 0x123 }),
});

machine.add_listener("serial0-output-byte", (byte) => process.stdout.write(Uint8Array.of(byte)));
process.stdin.on("data", (bytes) => machine.serial_send_bytes(0, bytes));

// The page of video memory that the DISPI registers show; 32 bits a pixel: blue, green, red, none.
function picture() {
    const vga = machine.v86.cpu.devices.vga;
    if (!vga.svga_enabled || vga.svga_bpp !== 32)
        throw new Error("the screen is not in a mode with 32 bits a pixel");
    const count = vga.svga_width * vga.svga_height;
    const pixels = vga.svga_memory.subarray(vga.svga_offset, vga.svga_offset + count * 4);
    const rgb = Buffer.alloc(count * 3);
    for (let i = 0; i < count; i++) {
        rgb[i * 3] = pixels[i * 4 + 2];
        rgb[i * 3 + 1] = pixels[i * 4 + 1];
        rgb[i * 3 + 2] = pixels[i * 4];
    }
    return Buffer.concat([Buffer.from(`P6\n${vga.svga_width} ${vga.svga_height}\n255\n`), rgb]);
}

function answerRequests(control) {
    createInterface({ input: control }).on("line", (path) => {
        let complaint = "";
        try {
            writeFileSync(path, picture());
        } catch (error) {
            complaint = error.message;
        }
        control.write(`${complaint}\n`);
    });
}

if (controlNumber !== "-")
    answerRequests(new Socket({ fd: Number(controlNumber) }));
