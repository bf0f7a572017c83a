#!/usr/bin/env node
// Tries the web page in headless Chromium and Firefox, in both of its forms, and prints a line for
// each test, with its seconds, and `N passed, N failed` at the end.
//
//   node tests/web/run.mjs NPM_FOLDER WEB_FOLDER ELF [PART]
//
// PART is a part of a lane's name, as in "firefox", "server" or "chrome: one file".

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { loadAxe } from "./axe.mjs";
import { findBrowsers, launch } from "./browser.mjs";
import { Guest } from "./guest.mjs";
import { Server } from "./server.mjs";
import { testsOfEmbedding } from "./test_embed.mjs";
import { testsOfFailures } from "./test_failures.mjs";
import { testsOfForm } from "./test_page.mjs";

const DESKTOP = { width: 1920, height: 1000 };
const PHONE = { width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 3 };

/* Of Firefox, which is told so when it starts. */
const SCHEME = "layout.css.prefers-color-scheme.content-override";
const LIGHT = { prefs: { [SCHEME]: 1 } };
const DARK = { prefs: { [SCHEME]: 0 } };

/* The policy that docs/web.md tells people to use is the one that is tested. */
function policyOfDocs() {
    const text = readFileSync(new URL("../../docs/web.md", import.meta.url), "utf8");
    return /^    (default-src .*(?:\n    .*)*)/m.exec(text)[1].replace(/\n */g, " ");
}

/* Tests that run one after the other, with a server of their own: it may be told to lose files. */
class Lane {
    constructor(bench) {
        Object.assign(this, bench);
        this.server = new Server(this.web, this.policy);
        this.contexts = [];
        this.passed = this.failed = 0;
    }

    launch(special) {
        return launch(this.name, this.npm, special);
    }

    /* A page that nothing of another one is left in, on a system that is light. */
    async guest(address, viewport = DESKTOP, browser = this.browser) {
        const context = await browser.createBrowserContext();
        this.contexts.push(context);
        const page = await context.newPage();
        await page.setViewport(viewport);
        const guest = new Guest(page, address);
        await this.setScheme(guest, "light");
        return guest;
    }

    /* Firefox was told so when it started. */
    async setScheme({ page }, value) {
        if (this.name !== "firefox")
            await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    }

    /* Runs `test` with the guest's page, or another one, on a system that is dark. */
    async inTheDark(guest, test) {
        const browser = this.name === "firefox" ? await this.launch(DARK) : undefined;
        try {
            const dark = browser
                ? await (await this.guest(guest.address, DESKTOP, browser)).open() : guest;
            await this.setScheme(dark, "dark");
            await test(dark);
        } finally {
            await this.setScheme(guest, "light");
            await browser?.close();
        }
    }

    phone(address) {
        return this.guest(address, PHONE);
    }

    /* The following tests find the page as this one leaves it. */
    keep(guest) {
        this.contexts = this.contexts.filter((context) => context !== guest.page.browserContext());
        return guest;
    }

    async run(name, test) {
        const begin = performance.now();
        const say = (result, rest = "") => console.log(`${result.padEnd(6)} ${
            ((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s  ${
            this.title}: ${name}${rest}`);
        try {
            await test();
            this.passed++;
            say("ok");
        } catch (error) {
            this.failed++;
            say("FAILED", `\n${error.stack ?? error}`);
        }
        for (const context of this.contexts.splice(0)) {
            if (context.browser().connected) // a test may have had a browser of its own
                await context.close();
        }
    }

    async runAll(tests) {
        await this.server.start();
        this.browser = await this.launch(LIGHT);
        for await (const [name, test] of tests(this))
            await this.run(name, test);
        await this.browser.close();
        this.server.stop();
    }
}

const DISK = (web) => pathToFileURL(resolve(web, "ashlar.html")).href;

/* What each lane runs. They run side by side: most of the time is spent on waiting for pictures. */
const LANES = {
    "server": (lane) => testsOfForm(lane, "server", lane.server.address),
    "one file": (lane) => testsOfForm(lane, "one file", DISK(lane.web)),
    "failures": (lane) => [...testsOfFailures(lane, DISK(lane.web)), ...testsOfEmbedding(lane)],
};

const [npm, web, elf, part = ""] = process.argv.slice(2);
loadAxe(npm);
const browsers = findBrowsers();
const bench = { npm, web, elf, policy: policyOfDocs() };
const lanes = browsers.flatMap((name) => Object.entries(LANES)
    .map(([title, tests]) => ({ title: `${name}: ${title}`, name, tests })))
    .filter(({ title }) => title.includes(part))
    .map(({ title, name, tests }) => ({ lane: new Lane({ ...bench, name, title }), tests }));
for (const browser of browsers) // not all at once: each lane has an emulator that never rests
    await Promise.all(lanes.filter(({ lane }) => lane.name === browser)
        .map(({ lane, tests }) => lane.runAll(tests)));
for (const [name, program] of [["chrome", "Chromium"], ["firefox", "Firefox"]]) {
    if (!browsers.includes(name))
        console.log(`web: ${program} was left out: there is none`);
}
const sum = (key) => lanes.reduce((count, { lane }) => count + lane[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") || (browsers.length > 0 && lanes.length === 0) ? 1 : 0;
