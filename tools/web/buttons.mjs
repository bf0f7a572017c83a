// The page's buttons. Which there are is the kernel's say: a command that `help` does not list has
// no button, and the crimes are those that `inject` lists.

import { askKernel } from "./ask_kernel.mjs";
import { findNeeds } from "./fits.mjs";
import { escapeHtml } from "./html.mjs";

const GROUPS = [
    {
        title: "Begin",
        commands: [["tour", "Start the tour", "main"], ["quiz"], ["help"]],
        more: key("enter", "Enter", "The next step") + key("stop", "Ctrl-C", "Stop what runs"),
    },
    { title: "Look", commands: [["map"], ["buddy"], ["blocks"], ["check"], ["video"], ["report"]] },
    {
        title: "Take and give back",
        commands: [["alloc 3M below 16M as web"], ["alloc 64K below 1M align 64K as floppy"],
            ["alloc 20M as textures"], ["explain 5M align 1M below 16M"], ["stress 2"]],
        more: '<button type="button" id="free-last" disabled>Free the last block</button>',
    },
    {
        title: "Step by step",
        commands: [["step on"], ["step show"], ["step off"]],
        more: key("enter", "Enter", "The next step"),
    },
    {
        title: "Zoom",
        commands: [["zoom 0 16M"], ["zoom out"]],
        more: key("closer", "Closer") + key("farther", "Farther"),
    },
];

/* Lists that a command prints: `NOUN name=NAME` and a summary, a line each. */
const LISTS = [
    { title: "Crimes, and how they are caught", command: "inject", noun: "crime" },
    { title: "Other machines, simulated", command: "machine", noun: "machine" },
];

const KEYS = `<div class="group"><h3>Keys</h3><div>${key("space", "Space")}`
    + `${key("up", "Up", "The last line again")}${key("tab", "Tab", "Complete")}`
    + `${key("q", "q")}${key("a", "a")}${key("b", "b")}</div></div>`;

function key(name, label, title = "") {
    const hint = title ? ` title="${title}"` : "";
    return `<button type="button" data-key="${name}"${hint}>${label}</button>`;
}

function button([command, label = command, kind = "", title = "", needs = ""]) {
    return `<button type="button"${kind && ` class="${kind}"`}`
        + ` data-command="${escapeHtml(command)}"${needs && ` data-needs="${needs}"`}`
        + `${title && ` title="${escapeHtml(title)}"`}>${escapeHtml(label)}</button>`;
}

function group(title, commands, more = "") {
    if (commands.length === 0)
        return "";
    return `<div class="group"><h3>${escapeHtml(title)}</h3><div>${commands.map(button).join("")}`
        + `${more}</div></div>`;
}

/* The names and summaries in what `command` printed. */
export function readList(lines, noun) {
    return lines.map((line) => new RegExp(`^${noun} name=(\\S+)\\s+(.*)$`).exec(line))
        .filter(Boolean).map(([, name, rest]) =>
            ({ name, summary: /\btext="([^"]*)"/.exec(rest)?.[1] ?? rest }));
}

/* What the page says below the machines of those that do not fit (web/memory.mjs). */
const TOO_LARGE = '<p id="too-large" hidden></p>';

/* The buttons as HTML. `choices` are the sizes of memory, in MiB, that the page lets one choose. */
export async function makeButtons(v86Folder, elf, choices) {
    const { help } = await askKernel(v86Folder, elf, ["help"]);
    const groups = help.slice(0, help.findIndex((line) => line.startsWith("help NAME ")));
    const known = new Set(groups.flatMap((line) => line.split(/\s+/).slice(1)));
    if (!known.has("alloc"))
        throw new Error("the kernel's help does not list alloc: what it prints has changed");
    const html = GROUPS.map(({ title, commands, more }) =>
        group(title, commands.filter(([command]) => known.has(command.split(" ")[0])), more));
    const lists = LISTS.filter(({ command }) => known.has(command));
    const answers = await askKernel(v86Folder, elf, lists.map(({ command }) => command));
    for (const { title, command, noun } of lists) {
        const items = readList(answers[command], noun);
        if (items.length === 0)
            throw new Error(`${command} lists nothing: what it prints has changed`);
        const isMachine = command === "machine";
        const needs = isMachine
            ? await findNeeds(v86Folder, elf, items.map(({ name }) => name), choices) : {};
        html.push(group(title, items.map(({ name, summary }) =>
            [`${command} ${name}`, name, "", summary, String(needs[name] ?? "")])));
        if (isMachine)
            html.push(TOO_LARGE);
    }
    return html.join("\n") + KEYS;
}
