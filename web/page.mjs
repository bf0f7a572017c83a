// Ties the machine to the page: loads, starts, resets, and carries what is typed and pressed. All
// that can go wrong is told in words in the status line.

import { buildId } from "./build_id.mjs";
import { bytesToLoad, FileMissing, loadFile } from "./load.mjs";
import { CLEAR_LINE, CTRL_C, keyBytes } from "./keys.mjs";
import { Machine } from "./machine.mjs";
import { Pointer } from "./pointer.mjs";
import { Reader } from "./reader.mjs";
import { Terminal } from "./terminal.mjs";

const MIB = 1 << 20;
const SCREENS = [[1024, 768], [800, 600], [640, 480]];
const SIDE_REM = 25.25; // style.css: the least width beside the picture, and the gap
const PROMPT_MILLISECONDS = 3000;
const NO_SIGN_MILLISECONDS = 120000; // a busy computer takes its time

const element = (id) => document.getElementById(id);
const picture = element("picture");
const canvas = picture.querySelector("canvas");
const controls = element("controls");
const memory = element("memory");
const field = element("command");
const fullScreen = element("full-screen");

const terminal = new Terminal(element("terminal"), element("past"), element("now"));
const pointer = new Pointer(picture, canvas,
    () => terminal.isAtPrompt() || terminal.isAtKeys());
let emulator;
let kernel;
let machine;
let blocks = []; // ids of what the reader took
let isTaking = false; // the command that is answered is alloc

function say(text) {
    element("status").textContent = text;
}

function give(state) {
    document.body.dataset.state = state;
    controls.disabled = state !== "running";
}

function fail(text) {
    give("failed");
    say(text);
}

/* ---- loading -------------------------------------------------------------------------------- */

const NO_WEBASSEMBLY = "This browser has no WebAssembly, or it is switched off. The machine on "
    + "this page runs in it; the texts below can be read without. Firefox, Chrome, Edge and Safari "
    + "of today have it.";

async function compile(bytes) {
    try {
        return await WebAssembly.compile(bytes);
    } catch (error) {
        throw new FileMissing(/unsafe-eval|Content Security Policy/i.test(error.message)
            ? "This server's Content-Security-Policy keeps WebAssembly from running: script-src "
                + "must contain 'wasm-unsafe-eval'."
            : "This browser cannot run the emulator; a newer one will. It says: " + error.message);
    }
}

async function load() {
    const bar = element("progress");
    const bytesInAll = bytesToLoad();
    let count = 0;
    const onProgress = (bytes) => {
        if (document.body.dataset.state === "failed")
            return; // of the other file
        count += bytes;
        bar.value = count / bytesInAll;
        say(`Loading: ${(count / MIB).toFixed(1)} of ${(bytesInAll / MIB).toFixed(1)} MiB.`);
    };
    onProgress(0);
    const [wasm, elf] = await Promise.all(
        ["v86.wasm", "ashlar.elf"].map((name) => loadFile(name, onProgress)));
    say("Compiling the emulator.");
    emulator = await compile(wasm);
    kernel = elf;
    element("build-id").textContent = buildId(kernel);
    bar.remove();
}

/* ---- the machine ---------------------------------------------------------------------------- */

/* Picture and texts, or one below the other. */
function isBeside() {
    return getComputedStyle(document.querySelector("main")).gridTemplateColumns.includes(" ");
}

/* The largest that is shown pixel for pixel; a phone gets the smallest, scaled down. */
function chooseScreen() {
    const main = document.querySelector("main");
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = main.clientWidth - (isBeside() ? SIDE_REM * rem : 0);
    const size = SCREENS.find(([x, y]) => x <= width && y <= window.innerHeight) ?? SCREENS.at(-1);
    main.style.setProperty("--screen-width", `${size[0]}px`);
    return size;
}

/* Guest memory costs nothing until it is written to, but a phone may refuse to promise much. */
function chooseMemory() {
    const isSmall = matchMedia("(max-width: 48rem), (pointer: coarse)").matches
        || (navigator.deviceMemory ?? 8) < 4;
    memory.value = isSmall ? "128" : "512";
}

const events = {
    onByte(byte) {
        terminal.put(byte);
    },
    onStopped() {
        give("stopped");
        terminal.remark("");
        say("The system has stopped, with its report on the screen and in the terminal. Reset "
            + "starts it anew.");
    },
    onOff() {
        give("stopped");
        say("The machine is switched off. Reset starts it anew.");
    },
    onReboot() {
        start();
    },
    onCrash(error) {
        give("stopped");
        say("The emulator gave up, where a real PC might go on or reset itself. Reset starts the "
            + `machine anew. (${error.message ?? error})`);
    },
};

/* What the reader took and gave back, from the lines that say so; others list blocks, too. */
terminal.onLine = (line) => {
    if (line.startsWith("ashlar> "))
        isTaking = /^ashlar> (.*;)? *alloc /.test(line);
    const [, verb, id] = /^(block|freed) id=(\d+)/.exec(line) ?? [];
    if (verb === "block" ? !isTaking : !verb)
        return;
    blocks = blocks.filter((each) => each !== id);
    if (verb === "block")
        blocks.push(id);
    element("free-last").disabled = blocks.length === 0;
};

/* v86's clock is a worker from a blob: address. Without it the machine stands still and says nothing. */
document.addEventListener("securitypolicyviolation", (event) => {
    if (event.blockedURI.startsWith("blob")) {
        fail("The machine needs a worker from a blob: address, which the server's "
            + "Content-Security-Policy must allow (worker-src blob:).");
    }
});

/* A new element for v86 to draw in would be a new place for the reader's focus: it stays. */
async function start() {
    give("starting");
    say("Starting.");
    await machine?.destroy();
    terminal.clear();
    blocks = [];
    element("free-last").disabled = true;
    const [width, height] = chooseScreen();
    machine = new Machine({
        container: element("screen"),
        emulator,
        kernel,
        memoryBytes: Number(memory.value) * MIB,
        options: `video=${width}x${height}x32 run=step show`,
        events,
    });
    pointer.use(machine);
    const started = machine;
    const isThere = await terminal.nextPrompt(NO_SIGN_MILLISECONDS);
    if (machine !== started || document.body.dataset.state !== "starting")
        return;
    if (!isThere) {
        fail("The machine shows no sign of life. Reset starts it anew.");
        return;
    }
    give("running");
    say(`Running, with ${memory.value} MiB of memory.`);
    hear();
}

async function reset() {
    try {
        await start();
    } catch (error) {
        fail(`The machine does not start with ${memory.value} MiB of memory; try less. `
            + `(${error.message})`);
    }
}

/* Types a command on a line of its own, whatever the machine is doing. */
async function run(command) {
    if (document.body.dataset.state !== "running")
        return;
    if (!terminal.isAtPrompt()) {
        machine.type(CTRL_C);
        await terminal.nextPrompt(PROMPT_MILLISECONDS);
    }
    machine.type(`${CLEAR_LINE}${command}\r`);
}

/* ---- the keyboard --------------------------------------------------------------------------- */

/* The PC's keyboard hears what is typed while the picture has the focus. */
function hear() {
    machine?.listen(document.activeElement === picture);
}

picture.addEventListener("focus", hear);
picture.addEventListener("blur", hear);
picture.addEventListener("pointerdown", () => picture.focus({ preventScroll: true }));
picture.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.fullscreenElement) {
        memory.focus();
        event.stopPropagation();
    } else if (event.key === "Tab") {
        event.stopPropagation(); // goes on to the next control
    }
});
picture.addEventListener("keyup", (event) => {
    if (event.key === "Tab")
        event.stopPropagation();
});

element("terminal").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
        field.focus();
        return;
    }
    const bytes = keyBytes(event);
    if (!bytes || !machine)
        return;
    event.preventDefault();
    machine.type(bytes);
});
element("terminal").addEventListener("paste", (event) => {
    event.preventDefault();
    machine?.type(event.clipboardData.getData("text").replace(/[\r\n]+/g, "\r")
        .replace(/[^ -~\r]/g, ""));
});

element("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim())
        run(field.value);
    else
        machine?.type("\r");
    field.value = "";
});

/* ---- buttons -------------------------------------------------------------------------------- */

const KEY_BYTES = {
    enter: "\r", stop: CTRL_C, up: "\x1B[A", tab: "\t", space: " ", q: "q", a: "a", b: "b",
    closer: "\x1B[5~", farther: "\x1B[6~",
};

document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.command)
        run(button.dataset.command);
    else if (button?.dataset.key)
        machine?.type(KEY_BYTES[button.dataset.key]);
    if (button?.classList.contains("try") && !isBeside())
        document.querySelector("header").scrollIntoView(); // to where it is seen
});
element("free-last").addEventListener("click", () => run(`free ${blocks.at(-1)}`));
element("reset").addEventListener("click", reset);
memory.addEventListener("change", reset);

fullScreen.hidden = !document.fullscreenEnabled;
fullScreen.addEventListener("click", async () => {
    await picture.requestFullscreen();
    picture.focus();
});

/*
 * Pixels are shown as squares where they are magnified, by a whole number or by much; else
 * smoothed. At their own size the two look alike, but squares lose rows while the page stands
 * between two pixels.
 */
function scale() {
    const ratio = canvas.clientWidth * window.devicePixelRatio / canvas.width;
    const isWhole = Math.abs(ratio - Math.round(ratio)) < 0.002 && ratio > 1.5;
    picture.classList.toggle("crisp", isWhole || ratio > 2);
    picture.style.setProperty("--ratio", canvas.width / canvas.height);
}
new ResizeObserver(scale).observe(canvas);
new MutationObserver(scale).observe(canvas, { attributes: true });

/* ---- the beginning -------------------------------------------------------------------------- */

async function begin() {
    new Reader(element("texts"));
    if (typeof WebAssembly !== "object")
        throw new FileMissing(NO_WEBASSEMBLY);
    if (typeof V86 !== "function")
        throw new FileMissing("The file libv86.js, the emulator's script, did not come. Load the "
            + "page anew; if that does not help, it is missing on the server.");
    await load();
    chooseMemory();
    memory.disabled = element("reset").disabled = fullScreen.disabled = false;
    await reset();
}

begin().catch((error) => {
    element("progress")?.remove();
    fail(error instanceof FileMissing ? error.message : `The page failed: ${error.message}`);
});
