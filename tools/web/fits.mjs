// Which simulated machines fit into how much memory: each is opened with all of the page's choices.

import { askKernel } from "./ask_kernel.mjs";

/* As much as the largest screen takes that the page asks for; without a picture it is quicker. */
const SCREEN = "alloc 4M as screen";
const OPTIONS = "video=off";

/*
 * The least of the choices (MiB, ascending) that each machine opens with, by name; Infinity if none
 * will do.
 */
export async function findNeeds(v86Folder, elf, names, choices) {
    const needs = Object.fromEntries(names.map((name) => [name, Infinity]));
    for (const megabytes of choices) {
        const left = names.filter((name) => needs[name] === Infinity);
        const commands = [SCREEN, ...left.map((name) => `machine ${name}`)];
        const answers = left.length === 0 ? {}
            : await askKernel(v86Folder, elf, commands, { megabytes, options: OPTIONS });
        for (const name of left) {
            if (answers[`machine ${name}`].some((line) => line.startsWith(`machine name=${name} `)))
                needs[name] = megabytes;
        }
    }
    return needs;
}
