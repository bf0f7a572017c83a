#!/usr/bin/env node
// Tries the web page in headless Chromium, in both of its forms, and prints a line for each test
// and `N passed, N failed` at the end.
//
//   node tests/web/run.mjs NPM_FOLDER WEB_FOLDER ELF [server|"one file"|failures]

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { BROWSERS, environmentOfBrowser, findBrowser, loadPlaywright } from "./browser.mjs";
import { Guest, PATIENCE } from "./guest.mjs";
import { Server } from "./server.mjs";
import { testsOfFailures } from "./test_failures.mjs";
import { testsOfForm } from "./test_page.mjs";

const DESKTOP = { width: 1920, height: 1000 };
const PHONE = {
    viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 3,
};

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

    launch(...options) {
        return this.chromium.launch({
            executablePath: this.browserPath, args: ["--no-sandbox", ...options],
            timeout: PATIENCE, env: this.environment,
        });
    }

    /* A page that nothing of another one is left in. */
    async guest(address, options = { viewport: DESKTOP }, browser = this.browser) {
        const context = await browser.newContext(options);
        this.contexts.push(context);
        return new Guest(await context.newPage(), address);
    }

    phone(address) {
        return this.guest(address, PHONE);
    }

    /* The following tests find the page as this one leaves it. */
    keep(guest) {
        this.contexts = this.contexts.filter((context) => context !== guest.page.context());
        return guest;
    }

    async run(name, test) {
        try {
            await test();
            this.passed++;
            console.log(`ok      ${name}`);
        } catch (error) {
            this.failed++;
            console.log(`FAILED  ${name}\n${error.stack ?? error}`);
        }
        for (const context of this.contexts.splice(0))
            await context.close();
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
const named = (form, tests) => tests.map(([name, test]) => [`${form}: ${name}`, test]);

/* What each lane runs. They run side by side: most of the time is spent on waiting for pictures. */
const LANES = {
    "server": (lane) => named("server", testsOfForm(lane, "server", lane.server.address)),
    "one file": (lane) => named("one file", testsOfForm(lane, "one file", DISK(lane.web))),
    "failures": (lane) => testsOfFailures(lane, DISK(lane.web)),
};

const [npm, web, elf, part] = process.argv.slice(2);
const browserPath = findBrowser();
if (browserPath) {
    const bench = {
        web, elf, browserPath, policy: policyOfDocs(), chromium: loadPlaywright(npm),
        environment: environmentOfBrowser(npm),
    };
    const lanes = Object.entries(LANES).filter(([name]) => !part || name === part)
        .map(([, tests]) => ({ lane: new Lane(bench), tests }));
    await Promise.all(lanes.map(({ lane, tests }) => lane.runAll(tests)));
    const sum = (key) => lanes.reduce((count, { lane }) => count + lane[key], 0);
    console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
    process.exitCode = sum("failed") || lanes.length === 0 ? 1 : 0;
} else {
    console.log(`web: left out, there is none of ${BROWSERS.join(", ")}`);
    console.log("0 passed, 0 failed");
}
