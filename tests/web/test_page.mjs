// What the page must do. What depends on its form runs in both forms; the rest runs once a browser,
// one half of it in each form, and in the other browser the other way round. One machine serves all
// tests of a form, in their order, because to start one takes seconds; what a test takes it gives
// back.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { checkAxe, checkAxeOfPage } from "./axe.mjs";
import { Guest } from "./guest.mjs";

const GROUND = 0x12161B; // kernel/view/view_format.h
const TEXT = 0xE8E3D9;
const TEXT_DARK = 0x0E1114;
const TITLE = [0, 0, 150, 50]; // the name with its stones: the same on every machine
const BLOCK = new RegExp("^block id=(\\d+) physical=(0x[\\da-f]+) end=(0x[\\da-f]+) bytes=3145728 "
    + "frames=768 virtual=0x[\\da-f]+ owner=web$");
const MIB = 1 << 20;
const TEXTS_AT_ONCE = 8; // axe takes its time for the page around them, each time

function sha256(bytes) {
    return createHash("sha256").update(bytes).digest("hex");
}

async function fetched(address) {
    return Buffer.from(await (await fetch(address)).arrayBuffer());
}

/* The build ID where the linker put it: behind the note's header and its name. */
function idOfKernel(elf) {
    const name = elf.indexOf(Buffer.from("\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0", "latin1"));
    return elf.subarray(name + 16, name + 36).toString("hex");
}

/* docs/pictures/view.png, which QEMU made, decoded by the browser. */
async function qemuPicture(page) {
    const path = new URL("../../docs/pictures/view.png", import.meta.url);
    const file = readFileSync(path).toString("base64");
    const blank = await page.browserContext().newPage();
    await blank.evaluate(async (png) => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        document.body.innerHTML = "<div id=picture><canvas></canvas></div>";
        const canvas = document.querySelector("canvas");
        Object.assign(canvas, { width: image.width, height: image.height });
        canvas.getContext("2d").drawImage(image, 0, 0);
    }, file);
    const picture = await new Guest(blank, "").look();
    await blank.close();
    return picture;
}

/*
 * Holds the block's place in the picture, a box, against its addresses. A row of the map of frames
 * has some power of two of bytes; the block is in one row, and its width there tells that number.
 */
function checkPlace(picture, stones, base, end) {
    const y = (stones.top + stones.bottom) >> 1;
    const left = picture.edge(stones.left, y, -1, GROUND, 6);
    const right = picture.edge(stones.right - 1, y, 1, GROUND, 6) + 1;
    const rowBytes = 2 ** Math.round(Math.log2((end - base) * (right - left)
        / (stones.right - stones.left)));
    const columnOf = (address) => left + (address % rowBytes) / rowBytes * (right - left);
    assert.ok(rowBytes >= 4 * MIB, `a row of ${rowBytes} bytes`);
    assert.ok(Math.abs(columnOf(base) - stones.left) < 3,
        `the block at 0x${base.toString(16)} begins at ${stones.left}, not at ${columnOf(base)}`);
    assert.ok(Math.abs(columnOf(end - 1) - stones.right) < 3,
        `the block ends at ${stones.right}, not at ${columnOf(end - 1)}`);
}

/* The colour that a part did not have before; of several, the one that it has most of. */
function newColour(before, after, part) {
    const old = before.colours(...part);
    const added = [...after.colours(...part)].filter(([colour]) => !old.has(colour));
    assert.ok(added.length > 0, "the owner has no colour of its own");
    return added.sort((a, b) => b[1] - a[1])[0][0];
}

/* The tip of kernel/view/view_pointer.c's arrow. */
function hasArrow(picture, x, y) {
    return picture.at(x, y) === TEXT_DARK && picture.at(x, y + 1) === TEXT_DARK
        && picture.at(x + 1, y + 1) === TEXT_DARK && picture.at(x + 1, y + 2) === TEXT
        && picture.at(x + 1, y + 5) === TEXT && picture.at(x + 5, y + 5) === TEXT_DARK;
}

/* The tests of a form, on its lane: [name, test] each. */
export async function* testsOfForm(lane, form, address) {
    const guest = lane.keep(await lane.guest(address));
    const isOneHalf = (lane.name === "chrome") === (form === "server");
    yield* testsOfBeginning(guest, form, readFileSync(lane.elf));
    yield* isOneHalf ? testsOfMachine(lane, guest) : testsOfTexts(lane, guest);
    yield* testsOfAddresses(guest, form);
}

/* For both forms: `elf` is the kernel that was built. */
function testsOfBeginning(guest, form, elf) {
    return [
        ["boots to the prompt, with memory for a large server's tables", async () => {
            await guest.open();
            assert.equal(await guest.state("running", "failed"), "running", await guest.status());
            assert.equal(await guest.status(), "Running, with 512 MiB of memory.");
            const [total] = (await guest.command("buddy")).slice(-1);
            assert.ok(Number(/frames?.* free=(\d+)/.exec(total)[1]) > 120000, total);
        }],
        ["runs the kernel that was built", async () => {
            const served = form === "server"
                ? await fetched(new URL("ashlar.elf", guest.address))
                : Buffer.from(await guest.text('[data-file="ashlar.elf"]'), "base64");
            assert.equal(sha256(served), sha256(elf));
            assert.ok((await guest.text("footer")).includes(sha256(elf)));
            const id = await guest.text("#build-id");
            assert.equal(id, idOfKernel(elf));
            assert.ok((await guest.command("report")).includes(`build ${id}`));
        }],
    ];
}

/* One half: of the machine and its controls, and how all looks. */
function testsOfMachine(lane, guest) {
    return [
        ["has a button for each crime and for no other", async () => {
            const listed = (await guest.command("inject"))
                .map((line) => /^crime name=(\S+)/.exec(line)?.[1]).filter(Boolean);
            const buttons = await guest.page.$$eval('#controls [data-command^="inject "]', (all) =>
                all.map((button) => button.dataset.command.slice("inject ".length)));
            assert.ok(listed.length > 5);
            assert.deepEqual(buttons, listed);
        }],
        ["has buttons of commands that there are, and the tour's if there is one", async () => {
            const known = (await guest.command("help")).flatMap((line) => line.split(/\s+/));
            const buttons = await guest.page.$$eval("#controls [data-command]", (all) =>
                all.map((button) => button.dataset.command.split(" ")[0]));
            assert.ok(buttons.length > 15);
            assert.deepEqual(buttons.filter((name) => !known.includes(name)), []);
            assert.equal(buttons.includes("tour"), known.includes("tour"));
        }],
        ["looks as in QEMU, and shows a block where it is", async () => {
            await guest.command("check");
            const before = await guest.settledLook();
            assert.equal(before.width, 1024);
            const qemu = await qemuPicture(guest.page);
            assert.deepEqual(before.region(...TITLE), qemu.region(...TITLE));
            assert.ok(before.colours(...TITLE).size > 3, "the title is empty");

            const [line] = await guest.command("alloc 3M below 16M as web");
            const [, id, base, end] = BLOCK.exec(line) ?? assert.fail(line);
            assert.ok(Number(end) <= 16 * MIB);
            await guest.command("check"); // what alloc marked is gone
            const after = await guest.settledLook();
            const frames = [0, after.height / 5 | 0, after.width >> 1, after.height >> 1];
            const owners = [after.width * 0.7 | 0, after.height >> 3, after.width,
                after.height >> 1];
            const colour = newColour(before, after, owners);
            checkPlace(after, after.findNew(colour, before, ...frames), Number(base), Number(end));

            assert.deepEqual(await guest.command(`free ${id}`), [`freed id=${id}`]);
            await guest.command("check");
            const gone = await guest.settledLook();
            assert.equal(gone.findNew(colour, before, ...frames).count, 0);
        }],
        ["types what buttons say", async () => {
            const buddy = await guest.press("buddy");
            assert.ok(buddy.some((line) => line.startsWith("total frames=")));
            const crime = await guest.press("inject double-free");
            assert.equal(crime[0], "ashlar> inject double-free");
            assert.ok(crime.some((line) => line.startsWith("inject crime=double-free")),
                crime.join());
            assert.deepEqual((await guest.press("check")).slice(1), ["check ok"]);
        }],
        ["frees the block that was taken last", async () => {
            const [line] = (await guest.press("alloc 3M below 16M as web")).slice(1);
            const freed = await guest.after(() => guest.page.click("#free-last"));
            assert.equal(freed[1], `freed id=${BLOCK.exec(line)[1]}`);
            assert.ok(await guest.isDisabled("#free-last"));
        }],
        ["steps at a key, and a button ends that", async () => {
            await guest.press("step on");
            const count = (await guest.rest()).length;
            let steps = 0;
            const oneStepMore = async (selector) => {
                await guest.page.click(selector);
                const seen = await guest.until(stepsTold, count, ++steps);
                assert.equal(await seen.jsonValue(), steps);
            };
            await oneStepMore('#controls [data-command="alloc 20M as textures"]');
            await oneStepMore('#controls [data-key="enter"]');
            await guest.page.click('#controls [data-command="step show"]');
            await guest.said(/^ashlar> step show *$/); // behind the prompt of what goes on
            const lines = await guest.rest();
            assert.equal(lines.at(-3), "ashlar> step show", lines.join("\n"));
            await guest.after(() => guest.page.click("#free-last"));
        }],
        ["leads the kernel's pointer", async () => {
            for (const [x, y] of [[300, 333], [700, 120], [1, 1], [512, 400]]) {
                await guest.page.mouse.move(...await guest.place(x, y));
                await guest.lookUntil(`the arrow at ${x}, ${y}`,
                    (picture) => hasArrow(picture, x, y));
            }
            await guest.page.mouse.move(...await guest.place(100, 700));
            await guest.page.mouse.move(1800, 900); // out, and in at another place
            await guest.page.mouse.move(...await guest.place(640, 300));
            await guest.lookUntil("the arrow", (picture) => hasArrow(picture, 640, 300));
        }],
        ["answers the quiz by a click on the picture", async () => {
            await guest.after(async () => {
                await guest.enter("quiz split 10");
                await guest.keys(/^A-D:/);
                const y = firstChoice(await guest.lookUntil("a choice", firstChoice));
                await guest.page.mouse.click(...await guest.place(60, y));
                await guest.keys(/^Enter: see/);
                await guest.page.keyboard.press("q");
            });
            assert.match((await guest.lines()).join("\n"), /answer number=1 given=A /);
        }],
        ["gives the picture the wheel only with the keys", async () => {
            await guest.page.mouse.move(...await guest.place(300, 230));
            await guest.page.focus("#command");
            await guest.lookUntil("the arrow", (picture) => hasArrow(picture, 300, 230));
            const before = await guest.settledLook();
            await guest.page.mouse.wheel({ deltaY: 200 });
            await guest.until(() => scrollY > 50);
            await guest.page.mouse.move(...await guest.place(300, 230));
            await guest.page.mouse.down();
            await guest.page.mouse.up();
            assert.equal(await guest.focus(), "picture");
            const top = await guest.page.evaluate(() => scrollY);
            await guest.page.mouse.wheel({ deltaY: -200 });
            await guest.lookUntil("a zoom", (picture) => !picture.equals(before));
            assert.equal(await guest.page.evaluate(() => scrollY), top);
            await guest.press("zoom out");
        }],
        ["can be used by keyboard alone", () => checkKeyboard(guest)],
        ["switches machines off that cannot fit, and says why", async () => {
            await guest.page.select("#memory", "64");
            await guest.state("starting");
            await guest.state("running");
            const disabled = await guest.page.$$eval("#controls [data-command]:disabled", (all) =>
                all.map((each) => each.dataset.command));
            assert.deepEqual(disabled, ["machine server", "machine bigiron"]);
            assert.equal(await guest.text("#too-large"), "With 64 MiB of memory these do not fit: "
                + "server needs 512 MiB, bigiron needs more than this page can give.");
            for (const command of disabled) // the kernel says so, too
                assert.match((await guest.command(command)).join(), /^error: /);
            assert.match((await guest.press("machine xeon"))[1], /^machine name=xeon .*open=yes/);
            await guest.press("machine real");
        }],
        ["is clean by axe-core's rules, and light or dark as the system is", async () => {
            await checkAxeOfPage(guest);
            assert.ok(await brightness(guest) > 600);
            await lane.inTheDark(guest, async (dark) => {
                assert.ok(await brightness(dark) < 150);
                await checkAxe(dark, "body");
            });
        }],
        ["has texts that are clean by axe-core's rules", async () => {
            const texts = await guest.page.$$eval("article", (all) => all.map(({ id }) => id));
            for (const id of texts) { // each gets what the page gives to the text that it shows
                await guest.go(id);
                await guest.until((shown) => !document.getElementById(shown).hidden, id);
            }
            for (let i = 0; i < texts.length; i += TEXTS_AT_ONCE) {
                await guest.page.evaluate((ids) => document.querySelectorAll("article")
                    .forEach((text) => { text.hidden = !ids.includes(text.id); }),
                texts.slice(i, i + TEXTS_AT_ONCE));
                await checkAxe(guest, "#texts");
            }
            await guest.go(texts[0]);
            await guest.until(() =>
                document.querySelectorAll("article:not([hidden])").length === 1);
        }],
    ];
}

/* The other half: of the texts, the lessons and the phone. */
function testsOfTexts(lane, guest) {
    return [
        ["types what a text shows behind a prompt", async () => {
            await guest.go("text-readme");
            const command = await guest.text("#text-readme button.try");
            const lines = await played(guest, "#text-readme button.try", command);
            assert.match(lines[1], /^block id=/);
        }],
        ["brings a text's machine to where the reader presses", () => checkExample(guest)],
        ["tells the tour beside the picture, in the kernel's words", () => checkTour(guest)],
        ["asks the quiz's questions, and takes an answer by a press", () => checkQuiz(guest)],
        ["carries boot options in an address", () => checkOptionsLink(guest)],
        ["fits a phone", () => checkPhone(lane, guest.address)],
    ];
}

/* For both forms: pictures and links lead elsewhere in each; a new start takes the same files. */
function testsOfAddresses(guest, form) {
    return [
        ["shows one text at a time, and links lead within", async () => {
            const { page } = guest;
            await guest.go("text-view");
            await guest.until(() => !document.getElementById("text-view").hidden);
            assert.equal(await guest.countVisible("article"), 1);
            await page.$eval("#text-view a[href=\"#text-allocator\"]", (link) => link.click());
            await guest.until(() => document.getElementById("text-view").hidden);
            assert.equal(await guest.countVisible("#text-allocator"), 1);
            const dead = await page.$$eval('a[href^="#"]', (all) => all
                .map((link) => decodeURIComponent(link.hash.slice(1)))
                .filter((id) => !document.getElementById(id)));
            assert.deepEqual(dead, []);
            const pictures = await page.$$eval("article img", (all) => Promise.all(all.map(
                async (image) => {
                    image.loading = "eager";
                    await image.decode();
                    return image.naturalWidth;
                })));
            assert.ok(pictures.length > 0 && pictures.every((width) => width > 100), `${pictures}`);
        }],
        ["opens what an address asks for, and makes such an address", () => checkLink(guest)],
        ["tells what is wrong with an address, and changes nothing", async () => {
            for (const [hash, status] of WRONG_LINKS) {
                const before = await guest.rest();
                await guest.go(hash);
                await guest.until((text) =>
                    document.getElementById("status").textContent.includes(text), status);
                assert.deepEqual(await guest.rest(), before);
            }
        }],
        ["tells when the system has stopped, and starts anew", async () => {
            await guest.command("machine real");
            await guest.page.click('#controls [data-command="inject panic"]');
            await guest.state("stopped");
            assert.match(await guest.status(), /has stopped.*Reset/);
            await guest.said(/^panic: exception 14/);
            await guest.page.select("#memory", "16");
            await guest.state("running");
            assert.equal(await guest.status(), "Running, with 16 MiB of memory.");
            assert.deepEqual(await guest.command("check"), ["check ok"]);
            await guest.enter("reboot");
            await guest.state("starting");
            await guest.state("running");
            await guest.enter("exit");
            await guest.state("stopped");
            assert.match(await guest.status(), /switched off/);
        }],
        ["made the browser complain of nothing, and fetched from nowhere else", async () => {
            assert.deepEqual(guest.complaints, []);
            const own = guest.address;
            // Firefox does not report what is opened from disk, but the page's own record has it.
            const recorded = await guest.page.evaluate(() =>
                performance.getEntriesByType("resource").map(({ name }) => name));
            const urls = [guest.page.url(), ...guest.requests, ...recorded]
                .map((url) => url.split("#")[0]);
            const foreign = urls
                .filter((url) => !url.startsWith(own) && !/^(blob|data):/.test(url));
            assert.deepEqual(foreign, []);
            if (form === "one file")
                assert.deepEqual(urls.filter((url) => /^file:/.test(url) && url !== own), []);
        }],
    ];
}

/* Of the page's ground: 0 to 765. */
function brightness(guest) {
    return guest.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor
        .match(/\d+/g).slice(0, 3).reduce((total, part) => total + Number(part), 0));
}

const WRONG_LINKS = [
    ["machine=nothere&run=check", "The link asks for machine=nothere, which there is not."],
    ["memory=3&run=check", "The link asks for memory=3, which there is not."],
    ["run=check%07", "does not have: \"\\u0007\"."],
    ["options=wc%3Doff%07", "The link's options has a character that the machine's keyboard does"],
    ["options=wc%3Doff+run%3Dcheck", "The link's options have run=check."],
    ["options=video%3Doff", "The link's options have video=off."],
    ["runs=check", "The link has runs=check."],
    ["view=large", "The link asks for view=large, which there is not. There is: embedded."],
];

/* Runs in the page: how many steps are told behind `count` lines, once these are enough. */
function stepsTold(count, enough) {
    const lines = [...document.querySelectorAll("#past > div")].slice(count);
    const steps = lines.filter((line) => line.textContent.startsWith("step what="));
    return steps.length >= enough && lines.at(-1).textContent.startsWith("  ") && steps.length;
}

/* What was printed on the new machine that a press of the selector starts, from the command on. */
async function played(guest, selector, command) {
    await guest.page.$eval(selector, (button) => button.click());
    await guest.state("starting");
    const echo = `ashlar> ${command}`;
    await guest.until((text) => [...document.querySelectorAll("#past > div")]
        .some((line) => line.textContent.trim() === text), echo);
    const lines = (await guest.rest()).slice(0, -1);
    return lines.slice(lines.findLastIndex((line) => line.trim() === echo));
}

/* The first `free` of chapter 4 frees what the text says, and what comes next goes on there. */
async function checkExample(guest) {
    const { page } = guest;
    await guest.go("text-chapters-4-buddy");
    await page.$$eval("#text-chapters-4-buddy .try", (all) => {
        const index = all.findIndex((each) => each.textContent.startsWith("free "));
        all[index].id = "example-free";
        all[index + 1].id = "example-next";
    });
    await guest.command("alloc 4K"); // of the reader's own: the machine is in another state
    await page.$eval("#example-free", (button) => button.click());
    await guest.state("starting");
    await guest.until(() => { // behind all that comes before it in the text
        const lines = [...document.querySelectorAll("#past > div")].map((each) => each.textContent);
        return lines.some((line) => line.trim() === "ashlar> step show")
            && lines.at(-1).startsWith("freed id=");
    });
    const lines = await guest.rest();
    const isFree = (line) => line.startsWith("ashlar> free ");
    const asked = lines[lines.findLastIndex(isFree)].match(/free \w+/g).length;
    const freed = lines.slice(lines.findLastIndex(isFree) + 1, -1);
    assert.equal(freed.filter((line) => line.startsWith("freed id=")).length, asked);

    const count = lines.length - 1;
    await page.$eval("#example-next", (button) => button.click()); // goes on from there
    await guest.answer(count);
    assert.equal(await guest.page.$eval("body", (body) => body.dataset.state), "running");
    assert.equal((await guest.rest())[lines.length - 2], lines.at(-2));
    const without = await page.$$eval(".try", (all) => all.filter((each) =>
        !each.closest("[data-steps]").querySelector(".run-example")).length);
    assert.equal(without, 0);
}

/* The row of the first choice in the note: dark, and the note to the left of it is not; 0: none. */
function firstChoice(picture) {
    const isGround = (x, y) => picture.at(x, y) === GROUND;
    for (let y = 440; y < picture.height - 4; y++)
        if (!isGround(22, y) && isGround(29, y) && isGround(32, y) && isGround(29, y + 4))
            return y + 4;
    return 0;
}

/* What is printed when the tour or the quiz is ended by its button. */
async function ended(guest) {
    const count = (await guest.lines()).length - 1;
    await guest.page.click("#lesson-end");
    return guest.answer(count);
}

/* The lines, once the step is told in them, with such keys; they may come behind the panel. */
async function toldStep(guest, number, keys) {
    await guest.until((step, pattern) => {
        const told = [...document.querySelectorAll("#past > div")]
            .findLast((line) => /^\d+\/\d+ /.test(line.textContent));
        return told?.textContent.startsWith(`${step}/`)
            && new RegExp(pattern).test(document.getElementById("now").textContent);
    }, number, keys.source);
    return guest.lines();
}

/* The text of the panel, which is to be what the kernel wrote. */
async function tourStep(guest, number) {
    const lines = await toldStep(guest, number, /Enter: show/);
    const start = lines.findLastIndex((line) => line.startsWith(`${number}/`));
    const [title, text] = [await guest.text("#lesson-title"), await guest.text("#lesson-text")];
    const progress = await guest.text("#lesson-progress");
    assert.equal(lines[start], `${number}/${/\d+$/.exec(progress)} ${title}`);
    const told = lines.slice(start + 1, -1);
    const typed = told.findIndex((line) => line.startsWith("ashlar> ")); // what prepares the step
    const words = typed < 0 ? told : told.slice(0, typed);
    assert.equal(text.trim(), words.join(" ").replace(/ +/g, " "));
    const output = (await guest.text("#lesson-output")).trim();
    assert.equal(output, told.slice(words.length).map((line) => line.trim()).join("\n"));
    assert.ok(text.length > 100, text);
    return title;
}

async function checkTour(guest) {
    const { page } = guest;
    const press = (name) => page.$eval(`#lesson-${name}`, (button) => button.click());
    await guest.command("machine real"); // the example before may have left another one
    await page.click('#controls [data-command="tour"]');
    const first = await tourStep(guest, 1);
    assert.equal(await guest.focus(), "lesson-next");
    await press("next");
    await guest.keys(/Enter: next/);
    assert.match(await guest.text("#lesson-output"), /^ashlar> .*\n.*=.*/);
    assert.equal(await guest.text("#lesson-next"), "Next");
    await checkAxeOfPage(guest);
    await press("next");
    assert.notEqual(await tourStep(guest, 2), first);
    await press("back");
    assert.equal(await tourStep(guest, 1), first);
    assert.ok(await guest.isDisabled("#lesson-back"));
    const lines = await ended(guest);
    assert.match(lines.at(-1), /^tour end step=1 /);
    assert.equal(await guest.countVisible("#lesson"), 0);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.command), "tour");
}

/* Answers two questions, of a kind with choices and of one with numbers, each in another way. */
async function checkQuiz(guest) {
    const { page } = guest;
    for (const topic of ["place", "longest"]) {
        await guest.enter(`quiz ${topic} 1`);
        await guest.keys(/: answer .*: end/);
        const lines = await guest.lines();
        const start = lines.findLastIndex((line) => line.startsWith("question number=1 "));
        const [, kind] = /topic=(\S+)/.exec(lines[start]);
        assert.equal(await guest.text("#lesson-title"), kind);
        const text = (await guest.text("#lesson-text")).trim();
        assert.ok(text.length > 20 && lines.slice(start + 1).join(" ").startsWith(text), text);
        const labels = await page.$$eval("#lesson-choices button", (all) =>
            all.map((button) => button.textContent));
        if (lines[start].endsWith("answer=number"))
            assert.deepEqual(labels, Array.from({ length: 17 }, (_, i) => String(i)));
        else
            assert.deepEqual(labels, lines.slice(-1 - labels.length, -1));
        assert.ok(await guest.isDisabled("#lesson-next"));
        await checkAxe(guest, "#lesson");
        await page.$eval("#lesson-choices button", (button) => button.click());
        await guest.keys(/^Enter: /);
        const verdict = (await guest.lines()).findLast((line) => line.startsWith("answer "));
        const [, given, right] = /given=(\w+) answer=(\w+)/.exec(verdict);
        assert.equal(given, labels[0].split(":")[0]);
        assert.match(await guest.text("#lesson-text"), given === right ? /^Right\. / : /^Wrong\. /);
        assert.match(await guest.text("#lesson-progress"),
            given === right ? /, 1 of 1 right$/ : /, 0 of 1 right$/);
        const end = await ended(guest);
        assert.ok(end.some((line) => line.startsWith("quiz end ")), end.join());
        assert.equal(await guest.countVisible("#lesson"), 0);
    }
}

async function checkLink(guest) {
    const { page } = guest;
    await guest.go("machine=isa-hole&memory=64&run=alloc+3M+as+web;free+1;alloc+2M");
    await guest.until(() => {
        const line = [...document.querySelectorAll("#past > div")].at(-2);
        return line?.textContent.trim() === "ashlar> alloc 2M";
    });
    assert.equal(await page.$eval("#memory", (select) => select.value), "64");
    const isAnswer = (line) => /^(machine|block|freed) |^error:/.test(line);
    const answers = (await guest.lines()).filter(isAnswer);
    assert.match(answers.join("\n"),
        /^machine name=isa-hole .*\nblock id=1 .*owner=web\nfreed id=1\nblock id=2 /);
    await page.click("#link");
    const hash = await page.evaluate(() => location.hash);
    assert.equal(hash, "#memory=64&run=machine+isa-hole;alloc+3M+as+web;free+1;alloc+2M");
    await page.click("#reset"); // types it again
    await guest.state("starting");
    await guest.until(() => [...document.querySelectorAll("#past > div")].at(-1)?.textContent
        .startsWith("block id=2 "));
    assert.deepEqual((await guest.lines()).filter(isAnswer), answers);
    await page.evaluate(() => { history.replaceState(null, "", "#"); });
}

/* An address gives boot options; the one that the page makes has those of an example. */
async function checkOptionsLink(guest) {
    const { page } = guest;
    const isBad = (line) => / kind=bad owner=badram$/.test(line.trim());
    const shown = async (command) => {
        await guest.until((echo) => [...document.querySelectorAll("#past > div")].some((line) =>
            line.textContent.trim() === `ashlar> ${echo}`)
            && document.getElementById("now").textContent.trim() === "ashlar>", command);
        return guest.lines();
    };
    await guest.go("memory=64&options=badram%3D0x2000000&run=map");
    assert.equal((await shown("map")).filter(isBad).length, 1);
    await page.click("#link");
    assert.equal(await page.evaluate(() => location.hash),
        "#memory=64&options=badram%3D0x2000000&run=map");
    const example = '[data-options*="badram"] .try';
    const { options, command } = await page.$eval(example, (button) => ({
        options: button.closest("[data-options]").dataset.options,
        command: button.dataset.command ?? button.textContent }));
    await page.$eval(example, (button) => button.click());
    await guest.state("starting");
    await shown(command);
    await page.click("#link");
    assert.equal(new URLSearchParams((await page.evaluate(() => location.hash)).slice(1))
        .get("options"), options);
    await page.evaluate(() => { history.replaceState(null, "", "#"); });
    await guest.press("machine real");
}

/* From the top of the page to its end with the Tab key, and typing in all three places. */
async function checkKeyboard(guest) {
    const { page } = guest;
    const { keyboard } = page;
    const visited = new Set();
    await page.evaluate(() => {
        location.hash = "";
        scrollTo(0, 0);
    });
    await page.focus(".skip");
    const goTo = async (id) => {
        for (let i = 0; i < 200 && await guest.focus() !== id; i++)
            await keyboard.press("Tab");
        assert.equal(await guest.focus(), id);
        visited.add(id);
    };
    await goTo("picture");
    let lines = await guest.after(async () => {
        await keyboard.type("blocks");
        await keyboard.press("Enter");
    });
    assert.equal(lines[0], "ashlar> blocks"); // by the PC's own keyboard
    await keyboard.press("Escape");
    assert.equal(await guest.focus(), "memory");
    await guest.chord("Shift", "Tab");
    assert.equal(await guest.focus(), "picture");
    await keyboard.press("Tab");
    assert.equal(await guest.focus(), "memory");

    await goTo("terminal");
    await keyboard.press("Tab"); // nothing is typed: it goes on
    assert.equal(await guest.focus(), "command");
    await guest.chord("Shift", "Tab");
    assert.equal(await guest.focus(), "terminal");
    lines = await guest.after(async () => {
        await keyboard.type("expl");
        await keyboard.press("Tab"); // completes
        await keyboard.type("1Mx below 16M");
        for (let i = 0; i < " below 16M".length; i++)
            await keyboard.press("ArrowLeft");
        await keyboard.press("Backspace");
        await keyboard.press("Enter");
    });
    assert.equal(lines[0].trim(), "ashlar> explain 1M below 16M");
    lines = await guest.after(async () => {
        await keyboard.press("ArrowUp");
        await guest.chord("Control", "c");
    });
    await keyboard.press("Escape");
    assert.equal(await guest.focus(), "command");
    lines = await guest.after(() => keyboard.type("check\n"));
    assert.deepEqual(lines, ["ashlar> check", "check ok"]);

    await page.focus('#controls button[data-command="map"]');
    lines = await guest.after(() => keyboard.press("Enter"));
    assert.ok(lines.some((line) => line.startsWith("region base=")));
    const last = await page.evaluate(() => {
        const links = document.querySelectorAll("footer a");
        links[links.length - 1].id ||= "last-link";
        return links[links.length - 1].id;
    });
    await goTo(last);
    const nameless = await page.$$eval("button, select, input, [tabindex]", (all) => all
        .filter((each) => !each.textContent.trim() && !each.getAttribute("aria-label")
            && !each.labels?.length)
        .map((each) => each.outerHTML));
    assert.deepEqual(nameless, []);
}

/* A pixel of the window is up to two of the machine's. */
const NEAR = [0, 1, -1, 2, -2];

async function checkPhone(lane, address) {
    const guest = await (await lane.phone(address)).open();
    const { page } = guest;
    assert.equal(await guest.state("running", "failed"), "running", await guest.status());
    const overflow = () => page.evaluate(() => { // Firefox's scroll bar takes some of innerWidth
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
    });
    assert.equal(await overflow(), 0);
    const articles = await page.$$eval("article", (all) => all.map((article) => article.id));
    assert.ok(articles.length >= 10);
    for (const id of articles) {
        await guest.go(id);
        await guest.until((shown) => !document.getElementById(shown).hidden, id);
        assert.equal(await overflow(), 0, `${id} is too wide`);
    }
    await guest.go("text-view");
    await guest.until(() => !document.getElementById("text-view").hidden);
    assert.ok(await page.$eval("#text-view pre.wide", (pre) => {
        pre.scrollLeft = 50;
        return pre.scrollLeft;
    }) > 0, "a wide drawing does not scroll in its box");
    const small = await page.$$eval("#controls button", (all) => all
        .filter((button) => button.getBoundingClientRect().height < 40).length);
    if (lane.name === "chrome") // puppeteer cannot tell Firefox that the pointer is a finger
        assert.equal(small, 0);

    await checkAxeOfPage(guest);
    await checkTourOnPhone(guest);
    await page.evaluate(() => scrollTo(0, 0));
    const lines = await guest.after(() => page.tap('#controls [data-command="check"]'));
    assert.deepEqual(lines, ["ashlar> check", "check ok"]);
    const [line] = await guest.command("alloc 3M below 16M as web");
    assert.match(line, BLOCK);
    await page.touchscreen.tap(...await guest.place(200, 240));
    await guest.lookUntil("the arrow where the finger was", (picture) =>
        NEAR.some((dx) => NEAR.some((dy) => hasArrow(picture, 200 + dx, 240 + dy))));
    assert.deepEqual(guest.complaints, []);
}

/* Its commands print more lines than there is room for. */
const LONG_STEP = 4;

/* The box shows the last lines, and no part of one above them. */
async function checkWholeLines(guest) {
    await guest.page.tap("#lesson-next");
    await guest.keys(/Enter: next/);
    const { above, cut } = await guest.page.$eval("#lesson-output", (box) => {
        const range = document.createRange();
        range.selectNodeContents(box);
        const top = box.getBoundingClientRect().top + box.clientTop;
        return {
            above: box.scrollTop,
            cut: [...range.getClientRects()].filter((line) =>
                line.top < top - 1 && line.bottom > top + 1).length,
        };
    });
    assert.ok(above > 0, "all lines have room");
    assert.equal(cut, 0, "a line is cut");
}

/* Each step's words, the picture and the keys are there at once, and nothing else. */
async function checkTourOnPhone(guest) {
    const { page } = guest;
    const count = async () => Number(/\d+$/.exec(await guest.text("#lesson-progress"))[0]);
    for (let step = 1; step === 1 || step <= await count(); step++) {
        await guest.enter(`tour ${step}`);
        await toldStep(guest, step, /b: back/);
        assert.ok((await guest.text("#lesson-progress")).startsWith(`Step ${step} of `));
        const hidden = await page.evaluate(() => {
            const words = document.getElementById("lesson-words");
            const inside = (box) => box.top >= 0 && box.left >= 0 && box.width > 0
                && box.bottom <= innerHeight && box.right <= innerWidth;
            const parts = ["#picture canvas", "#lesson-text", "#lesson-back", "#lesson-next",
                "#lesson-end"];
            return [...parts.filter((part) =>
                !inside(document.querySelector(part).getBoundingClientRect())),
            words.scrollHeight > words.clientHeight ? "words" : "",
            scrollY > 0 || document.documentElement.scrollHeight > innerHeight ? "page" : "",
            ...["header", "footer", "#console", "#commands", "#texts"].filter((part) =>
                document.querySelector(part).checkVisibility())].filter(Boolean);
        });
        assert.deepEqual(hidden, [], `step ${step}`);
        if (step === 1)
            await checkAxeOfPage(guest);
        if (step === LONG_STEP)
            await checkWholeLines(guest);
        const lines = await ended(guest);
        assert.match(lines.at(-1), /^tour end /);
    }
}
