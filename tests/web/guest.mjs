// The page as its reader has it: opened, typed into, looked at. Waits for what must come, never for
// a time; what does not come in PATIENCE is a failure.

import { setTimeout } from "node:timers/promises";

import { PATIENCE } from "./browser.mjs";
import { Picture } from "./picture.mjs";

/* What the browser says of look() alone. */
const OWN_DOING = "Canvas2D: Multiple readback operations";
const SETTLED_MILLISECONDS = 120;
const POLL_MILLISECONDS = 50;
const AT_PROMPT = "^ashlar>$";
const AT_KEYS = ": end( {2}b: back)?$"; // of the tour and the quiz

/*
 * Runs in the page. The terminal's lines; false until there are more than `count` behind which the
 * machine writes one that is like the pattern.
 */
function readLines(pattern, count) {
    const past = [...document.querySelectorAll("#past > div")];
    const now = document.getElementById("now");
    return past.length > count && new RegExp(pattern).test(now.textContent.trim())
        && [...past, now].map((line) => line.textContent.replace(/\u00A0/g, ""));
}

/* Runs in the page. [width, height, what was drawn], of which most is of few colours. */
async function readCanvas() {
    const canvas = document.querySelector("#picture canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const packed = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
    return [canvas.width, canvas.height,
        btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))];
}

export class Guest {
    constructor(page, address) {
        this.page = page;
        this.address = address;
        this.complaints = []; // of the browser: errors, violated policies
        this.requests = [];
        page.setDefaultTimeout(PATIENCE);
        page.on("pageerror", (error) => this.complaints.push(`error: ${error.message}`));
        page.on("console", (message) => ["error", "warn", "warning"].includes(message.type())
            && !message.text().startsWith(OWN_DOING)
            && this.complaints.push(`${message.type()}: ${message.text()}`));
        page.on("request", (request) => this.requests.push(request.url()));
    }

    async open() {
        await this.page.goto(this.address);
        return this;
    }

    /* Until the page says that the machine is in one of these states. */
    async state(...states) {
        const state = await this.page.waitForFunction((wanted) => {
            const { state } = document.body.dataset;
            return wanted.includes(state) && state;
        }, { polling: "mutation" }, states); // so that none is too short to be seen
        return state.jsonValue();
    }

    /* Until the function, which runs in the page, returns something true. */
    until(test, ...values) {
        return this.page.waitForFunction(test, { polling: POLL_MILLISECONDS }, ...values);
    }

    /* Until the line that is being written looks like that: the keys of the tour, say. */
    keys(pattern) {
        return this.until((text) =>
            new RegExp(text).test(document.getElementById("now").textContent), pattern.source);
    }

    /* Until the machine has written a line like that, whatever it does next. */
    said(pattern) {
        return this.until((text) => [...document.querySelectorAll("#past > div")]
            .some((line) => new RegExp(text).test(line.textContent)), pattern.source);
    }

    text(selector) {
        return this.page.$eval(selector, (each) => each.textContent);
    }

    status() {
        return this.text("#status");
    }

    isDisabled(selector) {
        return this.page.$eval(selector, (each) => each.disabled);
    }

    /* How many of these are shown. */
    countVisible(selector) {
        return this.page.$$eval(selector, (all) =>
            all.filter((each) => each.checkVisibility()).length);
    }

    async fill(selector, text) {
        await this.page.$eval(selector, (field, value) => { field.value = value; }, text);
    }

    /* A key, together with others that are held down. */
    async chord(...keys) {
        const { keyboard } = this.page;
        for (const key of keys.slice(0, -1))
            await keyboard.down(key);
        await keyboard.press(keys.at(-1));
        for (const key of keys.slice(0, -1).reverse())
            await keyboard.up(key);
    }

    /* A line in the command field. */
    async enter(text) {
        await this.fill("#command", text);
        await this.page.focus("#command");
        await this.page.keyboard.press("Enter");
    }

    async go(hash) {
        await this.page.evaluate((value) => { location.hash = value; }, hash);
    }

    async linesAt(pattern, count = -1) {
        const lines = await this.until(readLines, pattern, count);
        return lines.jsonValue();
    }

    /*
     * What is in the terminal, as lines, once the machine has written all: it waits for a command,
     * or in a lesson for a key.
     */
    lines() {
        return this.linesAt(`${AT_PROMPT}|${AT_KEYS}`);
    }

    /* The same, once the machine is at its prompt. */
    rest() {
        return this.linesAt(AT_PROMPT);
    }

    /* Waits for a new prompt behind `count` lines, and returns the lines between. */
    async answer(count) {
        return (await this.linesAt(AT_PROMPT, count)).slice(count, -1);
    }

    /* What is printed after `action`, from its echo on. */
    async after(action) {
        const count = (await this.rest()).length - 1;
        await action();
        return this.answer(count);
    }

    /* What a command prints. */
    async command(text) {
        const lines = await this.after(() => this.enter(text));
        return lines.slice(1);
    }

    press(command) {
        return this.after(() => this.page.click(`#controls button[data-command="${command}"]`));
    }

    async look() {
        return new Picture(...await this.page.evaluate(readCanvas));
    }

    /* The picture, once the machine has written all and it stands still. */
    async settledLook() {
        await this.lines();
        let last = await this.look();
        for (const end = Date.now() + PATIENCE; Date.now() < end;) {
            await setTimeout(SETTLED_MILLISECONDS);
            const picture = await this.look();
            if (picture.equals(last))
                return picture;
            last = picture;
        }
        throw new Error("the picture does not come to rest");
    }

    /* The picture, once `test` is true of it. */
    async lookUntil(what, test) {
        for (const end = Date.now() + PATIENCE; Date.now() < end;) {
            const picture = await this.look();
            if (test(picture))
                return picture;
            await setTimeout(SETTLED_MILLISECONDS);
        }
        throw new Error(`the picture never showed ${what}`);
    }

    /* Where a pixel of the machine's screen is in the window, in whole pixels as Firefox wants. */
    async place(x, y) {
        await this.page.evaluate(() => document.querySelector("header").scrollIntoView());
        return this.page.evaluate(([column, row]) => {
            const canvas = document.querySelector("#picture canvas");
            const box = canvas.getBoundingClientRect();
            return [Math.floor(box.left + (column + 0.5) * box.width / canvas.width),
                Math.floor(box.top + (row + 0.5) * box.height / canvas.height)];
        }, [x, y]);
    }

    focus() {
        return this.page.evaluate(() =>
            document.activeElement.id || document.activeElement.tagName);
    }
}
