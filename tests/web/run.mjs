#!/usr/bin/env node
// Tries the web page in headless Chromium and Firefox, in both of its forms, and prints a line for
// each test and `N passed, N failed` at the end.
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

const FIREFOX_SCHEME = "layout.css.prefers-color-scheme.content-override";

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

    /* A page that nothing of another one is left in. */
    async guest(address, viewport = DESKTOP, browser = this.browser) {
        const context = await browser.createBrowserContext();
        this.contexts.push(context);
        const page = await context.newPage();
        await page.setViewport(viewport);
        return new Guest(page, address);
    }

    /* The page on a system that is "light" or "dark"; Firefox is told so when it starts. */
    async themed(address, scheme) {
        const isFirefox = this.name === "firefox";
        const browser = isFirefox
            ? await this.launch({ prefs: { [FIREFOX_SCHEME]: scheme === "dark" ? 0 : 1 } })
            : this.browser;
        const guest = await this.guest(address, DESKTOP, browser);
        if (!isFirefox) {
            await guest.page.emulateMediaFeatures([
                { name: "prefers-color-scheme", value: scheme }]);
        }
        return guest.open();
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
        try {
            await test();
            this.passed++;
            console.log(`ok      ${this.title}: ${name}`);
        } catch (error) {
            this.failed++;
            console.log(`FAILED  ${this.title}: ${name}\n${error.stack ?? error}`);
        }
        for (const context of this.contexts.splice(0)) {
            if (context.browser().connected) // a test may have had a browser of its own
                await context.close();
        }
    }

    async runAll(tests) {
        await this.server.start();
        this.browser = await this.launch();
        for (const [name, test] of tests(this))
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
