// Ties the machine to the page: loads, starts, resets, and carries what is typed and pressed. All
// that can go wrong is told in words in the status line.

import { buildId } from "./build_id.mjs";
import { Examples } from "./examples.mjs";
import { bytesToLoad, FileMissing, loadFile } from "./load.mjs";
import { CLEAR_LINE, CTRL_C, keyBytes } from "./keys.mjs";
import { BadLink, isLink, readLink, writeLink } from "./link.mjs";
import { Lesson } from "./lesson.mjs";
import { Machine } from "./machine.mjs";
import { Memory } from "./memory.mjs";
import { Player } from "./player.mjs";
import { Pointer } from "./pointer.mjs";
import { Reader } from "./reader.mjs";
import { Terminal } from "./terminal.mjs";

const MIB = 1 << 20;
const SCREENS = [[1024, 768], [800, 600], [640, 480]];
const SIDE_REM = 22.25; // style.css: the least width beside the picture, and the gap
const PROMPT_MILLISECONDS = 3000;
const NO_SIGN_MILLISECONDS = 120000; // a busy computer takes its time

const element = (id) => document.getElementById(id);
const picture = element("picture");
const canvas = picture.querySelector("canvas");
const controls = element("controls");
const field = element("command");
const fullScreen = element("full-screen");

const terminal = new Terminal(element("terminal"), element("past"), element("now"));
const pointer = new Pointer(picture, canvas,
    () => terminal.isAtPrompt() || terminal.isAtKeys());
const memory = new Memory(element("memory"), controls, element("too-large"));
const player = new Player(terminal, (text) => machine?.type(text));
const examples = new Examples(element("texts"), player, openExample, showPicture);
const lesson = new Lesson({
    panel: element("lesson"), title: element("lesson-title"), progress: element("lesson-progress"),
    text: element("lesson-text"), choices: element("lesson-choices"),
    output: element("lesson-output"), next: element("lesson-next"), back: element("lesson-back"),
    end: element("lesson-end"),
}, (text) => machine?.type(text), showLesson);
let emulator;
let kernel;
let machine;
let ending = Promise.resolve(); // of the machine before
let opener; // had the focus before the lesson
let bootOptions = ""; // of the machine, without the page's own
let typed = []; // the commands since the machine started
let blocks = []; // ids of what the reader took
let isTaking = false; // the command that is answered is alloc

function say(text) {
    element("status").textContent = text;
}

function give(state) {
    document.body.dataset.state = state;
    controls.disabled = state !== "running";
    if (state !== "running")
        lesson.close();
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
        throw new FileMissing(/unsafe-eval|Content Security Policy|\bCSP\b/i.test(error.message)
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
        reset();
    },
    onCrash(error) {
        give("stopped");
        say("The emulator gave up, where a real PC might go on or reset itself. Reset starts the "
            + `machine anew. (${error.message ?? error})`);
    },
};

/* What the reader took and gave back, from the lines that say so; others list blocks, too. */
function noteBlock(line) {
    const [, verb, id] = /^(block|freed) id=(\d+)/.exec(line) ?? [];
    if (verb === "block" ? !isTaking : !verb)
        return;
    blocks = blocks.filter((each) => each !== id);
    if (verb === "block") {
        blocks.push(id);
        player.note(id);
    }
    element("free-last").disabled = blocks.length === 0;
}

function noteCommand(command) {
    isTaking = /^(.*;)? *alloc /.test(command);
    if (command !== player.command)
        examples.forget(); // the reader's own
    if (command && !lesson.isOpen)
        typed.push(command);
    element("link").disabled = typed.length === 0;
}

terminal.onLine = (line) => {
    if (line.startsWith("ashlar> "))
        noteCommand(line.slice("ashlar> ".length).trim());
    noteBlock(line);
    lesson.takeLine(line);
};
terminal.onDraw = (text) => lesson.look(text);

/* v86's clock is a worker from a blob: address. Without it the machine stands still in silence. */
document.addEventListener("securitypolicyviolation", (event) => {
    if (event.blockedURI.startsWith("blob")) {
        fail("The machine needs a worker from a blob: address, which the server's "
            + "Content-Security-Policy must allow (worker-src blob:).");
    }
});

function forgetAll() {
    lesson.close();
    player.forget();
    examples.forget();
    terminal.clear();
    blocks = [];
    typed = [];
    element("free-last").disabled = element("link").disabled = true;
}

/*
 * A new machine; true once it is at its prompt. A new element for v86 to draw in would be a new
 * place for the reader's focus: it stays.
 */
async function start({ options = "", isTold = true } = {}) {
    give("starting");
    say("Starting.");
    const old = machine;
    machine = undefined;
    forgetAll();
    const turn = ending = ending.then(() => old?.destroy());
    await turn;
    if (turn !== ending)
        return false; // another start came
    terminal.clear();
    bootOptions = options;
    const [width, height] = chooseScreen();
    const started = machine = new Machine({
        container: element("screen"),
        emulator,
        kernel,
        memoryBytes: memory.megabytes * MIB,
        options: [`video=${width}x${height}x32`, options, isTold ? "run=step show" : ""].join(" "),
        events,
    });
    pointer.use(machine);
    const isThere = await terminal.nextPrompt(NO_SIGN_MILLISECONDS);
    if (machine !== started || document.body.dataset.state !== "starting")
        return false;
    if (!isThere) {
        fail("The machine shows no sign of life. Reset starts it anew.");
        return false;
    }
    give("running");
    memory.disableMachines();
    say(`Running, with ${memory.megabytes} MiB of memory.`);
    hear();
    return true;
}

async function reset(setting) {
    try {
        return await start(setting);
    } catch (error) {
        fail(`The machine does not start with ${memory.megabytes} MiB of memory; try less. `
            + `(${error.message})`);
        return false;
    }
}

/* A machine for an example, whose text may have one with more memory than there is here. */
async function openExample({ memory: wanted, options, isTold, steps }) {
    memory.choose(Number(wanted), steps.map(({ command }) => command));
    const isThere = await reset({ options, isTold });
    if (isThere && wanted > memory.megabytes) {
        say(`Running, with ${memory.megabytes} MiB of memory. The text's machine has ${wanted} `
            + "MiB, so some answers differ.");
    }
    return isThere;
}

/* What the page's address asks for. A wrong link is told, and changes nothing. */
async function openLink() {
    let link;
    try {
        link = readLink(location.hash, memory.machines(), memory.choices());
    } catch (error) {
        if (!(error instanceof BadLink))
            throw error;
        if (machine || await reset())
            say(error.message);
        return;
    }
    document.body.classList.toggle("embedded", link.isEmbedded);
    element("whole").href = location.href.replace(/&?view=embedded&?/, "");
    memory.choose(Number(link.memory ?? 0), link.commands);
    if (await reset({ options: link.options }))
        await player.play(link.commands.map((command) => ({ command })));
}

function begin() {
    return isLink(location.hash) ? openLink() : reset();
}

/* Types a command on a line of its own, whatever the machine is doing. */
async function run(command) {
    if (document.body.dataset.state !== "running")
        return;
    player.stop();
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
        element("memory").focus();
        event.stopPropagation();
    } else if (event.key === "Tab") {
        event.stopPropagation(); // goes on to the next control
    }
});
picture.addEventListener("keyup", (event) => {
    if (event.key === "Tab")
        event.stopPropagation();
});

/* There is something that Tab could complete. */
function isCompleting() {
    return terminal.isAtPrompt() && (terminal.isTyping || !terminal.isAtEmptyPrompt());
}

element("terminal").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
        field.focus();
        return;
    }
    const bytes = keyBytes(event);
    if (!bytes || !machine || (event.key === "Tab" && !isCompleting()))
        return; // Tab goes on to the next control
    event.preventDefault();
    terminal.isTyping ||= event.key.length === 1;
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
});
element("free-last").addEventListener("click", () => run(`free ${blocks.at(-1)}`));
element("reset").addEventListener("click", begin);
element("memory").addEventListener("change", () => reset());
window.addEventListener("hashchange", () => isLink(location.hash) && kernel && openLink());

/* The address then opens what was done; the clipboard may be forbidden. */
element("link").addEventListener("click", async () => {
    history.replaceState(null, "",
        writeLink({ memory: String(memory.megabytes), ...bootOptions && { options: bootOptions },
            run: typed.join(";") }));
    const isCopied = await navigator.clipboard?.writeText(location.href)
        .then(() => true, () => false);
    say(`The page's address now opens a machine where all this is typed again${isCopied
        ? "; it was copied" : ""}.`);
});

/* To where what a text types is seen. */
function showPicture() {
    if (!isBeside())
        document.querySelector("header").scrollIntoView();
}

/* On a phone only picture and lesson are shown while it lasts (style.css). */
function showLesson(isOpen) {
    document.body.classList.toggle("learning", isOpen);
    const { activeElement } = document;
    if (isOpen) {
        scrollTo(0, 0);
        opener = activeElement;
        if (activeElement !== picture && activeElement !== element("terminal"))
            element("lesson-next").focus({ preventScroll: true });
    } else if (element("lesson").contains(activeElement)) {
        opener?.focus({ preventScroll: true });
    }
}

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

async function prepare() {
    new Reader(element("texts"));
    if (typeof WebAssembly !== "object")
        throw new FileMissing(NO_WEBASSEMBLY);
    if (typeof V86 !== "function")
        throw new FileMissing("The file libv86.js, the emulator's script, did not come. Load the "
            + "page anew; if that does not help, it is missing on the server.");
    await load();
    memory.choose(0, []);
    element("memory").disabled = element("reset").disabled = fullScreen.disabled = false;
    await begin();
}

prepare().catch((error) => {
    element("progress")?.remove();
    fail(error instanceof FileMissing ? error.message : `The page failed: ${error.message}`);
});
