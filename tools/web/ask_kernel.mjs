// Runs commands in the very kernel that the page will run, and returns what they print: the page's
// buttons are those that the kernel says it has.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PROMPT = "ashlar> ";
const PLAIN = { megabytes: 64, options: "video=off" };
const SECONDS_MAX = 60;

/* The lines that each command prints, by command, on a PC with so much memory. */
export async function askKernel(v86Folder, elf, commands, { megabytes, options } = PLAIN) {
    const { V86 } = await import(pathToFileURL(join(v86Folder, "build/libv86.mjs")));
    const machine = new V86({
        wasm_path: join(v86Folder, "build/v86.wasm"),
        memory_size: megabytes << 20,
        multiboot: { buffer: new Uint8Array(readFileSync(elf)).buffer },
        cmdline: options,
        disable_speaker: true,
        autostart: true,
    });
    let written = "";
    let found = null;
    machine.add_listener("serial0-output-byte", (byte) => {
        written += String.fromCharCode(byte);
        if (written.endsWith(PROMPT))
            found?.(written.slice(0, -PROMPT.length));
    });
    const nextPrompt = () => new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no prompt after: ${written}`)),
            SECONDS_MAX * 1000);
        found = (text) => {
            clearTimeout(timer);
            written = "";
            resolve(text);
        };
    });
    const answers = {};
    let prompt = nextPrompt();
    await prompt;
    for (const command of commands) {
        prompt = nextPrompt();
        machine.serial0_send(`${command}\r`);
        const lines = (await prompt).split("\r\n");
        answers[command] = lines.slice(1, -1); // without the echo, and what follows the last end
    }
    await machine.destroy();
    return answers;
}
