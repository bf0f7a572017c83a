// The page as its reader has it: opened, typed into, looked at. Waits for what must come, never for
// a time; what does not come in PATIENCE is a failure.

import { Picture } from "./picture.mjs";

/* What the browser says of look() alone. */
const OWN_DOING = "Canvas2D: Multiple readback operations";
export const PATIENCE = 120000; // milliseconds: a slow machine is no failure
const SETTLED_MILLISECONDS = 120;

export class Guest {
    constructor(page, address) {
        this.page = page;
        this.address = address;
        this.complaints = []; // of the browser: errors, violated policies
        this.requests = [];
        page.context().setDefaultTimeout(PATIENCE);
        page.on("pageerror", (error) => this.complaints.push(`error: ${error.message}`));
        page.on("console", (message) => ["error", "warning"].includes(message.type())
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
        await this.page.waitForFunction((wanted) => wanted.includes(document.body.dataset.state),
            states);
        return this.page.evaluate(() => document.body.dataset.state);
    }

    status() {
        return this.page.textContent("#status");
    }

    /* What is in the terminal, as lines. */
    lines() {
        return this.page.evaluate(() => [...document.querySelectorAll("#past > div, #now")]
            .map((line) => line.textContent.replace(/\u00A0/g, "")));
    }

    /* Waits for a new prompt behind `count` lines, and returns the lines between. */
    async answer(count) {
        await this.page.waitForFunction((length) => {
            const past = document.getElementById("past");
            return past.childElementCount > length
                && document.getElementById("now").textContent.trim() === "ashlar>";
        }, count);
        return (await this.lines()).slice(count, -1);
    }

    /* What is printed after `action`, from its echo on. */
    async after(action) {
        await this.page.waitForFunction(() =>
            document.getElementById("now").textContent.trim() === "ashlar>");
        const count = (await this.lines()).length - 1;
        await action();
        return this.answer(count);
    }

    /* What a command prints. */
    async command(text) {
        const lines = await this.after(async () => {
            await this.page.fill("#command", text);
            await this.page.press("#command", "Enter");
        });
        return lines.slice(1);
    }

    press(command) {
        return this.after(() => this.page.click(`#controls button[data-command="${command}"]`));
    }

    async look() {
        const [width, height, base64] = await this.page.evaluate(() => {
            const canvas = document.querySelector("#picture canvas");
            const context = canvas.getContext("2d");
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            let text = "";
            for (let i = 0; i < data.length; i += 0x8000)
                text += String.fromCharCode(...data.subarray(i, i + 0x8000));
            return [canvas.width, canvas.height, btoa(text)];
        });
        return new Picture(width, height, Buffer.from(base64, "base64"));
    }

    /* The picture, once it stands still. */
    async settledLook() {
        let last = await this.look();
        for (const end = Date.now() + PATIENCE; Date.now() < end;) {
            await this.page.waitForTimeout(SETTLED_MILLISECONDS);
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
            await this.page.waitForTimeout(SETTLED_MILLISECONDS);
        }
        throw new Error(`the picture never showed ${what}`);
    }

    /* Where a pixel of the machine's screen is in the window. */
    async place(x, y) {
        await this.page.evaluate(() => document.querySelector("header").scrollIntoView());
        return this.page.evaluate(([column, row]) => {
            const canvas = document.querySelector("#picture canvas");
            const box = canvas.getBoundingClientRect();
            return [box.left + (column + 0.5) * box.width / canvas.width,
                box.top + (row + 0.5) * box.height / canvas.height];
        }, [x, y]);
    }

    focus() {
        return this.page.evaluate(() =>
            document.activeElement.id || document.activeElement.tagName);
    }
}
