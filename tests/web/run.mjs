#!/usr/bin/env node
// Tries the web page in headless Chromium, in both of its forms, and prints a line for each test and
// `N passed, N failed` at the end.
//
//   node tests/web/run.mjs NPM_FOLDER WEB_FOLDER ELF [PART_OF_A_NAME]

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { Guest } from "./guest.mjs";
import { Server } from "./server.mjs";
import { testsOfFailures } from "./test_failures.mjs";
import { testsOfForm } from "./test_page.mjs";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const DESKTOP = { width: 1920, height: 1000 };
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 3 };

function findBrowser() {
    const folders = process.env.PATH.split(delimiter);
    return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/* The policy that docs/web.md tells people to use is the one that is tested. */
function policyOfDocs() {
    const text = readFileSync(new URL("../../docs/web.md", import.meta.url), "utf8");
    return /^    (default-src .*(?:\n    .*)*)/m.exec(text)[1].replace(/\n */g, " ");
}

class Bench {
    constructor(npm, web, elf, browserPath, part) {
        const require = createRequire(resolve(npm, "node_modules/"));
        this.chromium = require("playwright-core").chromium;
        Object.assign(this, { web, elf, browserPath, part, passed: 0, failed: 0 });
        this.policy = policyOfDocs();
        this.server = new Server(web, this.policy);
    }

    launch(...options) {
        return this.chromium.launch({
            executablePath: this.browserPath, args: ["--no-sandbox", ...options],
        });
    }

    /* A page that nothing of another one is left in. */
    async guest(address, context = { viewport: DESKTOP }, browser = this.browser) {
        const page = await (await browser.newContext(context)).newPage();
        return new Guest(page, address);
    }

    phone(address) {
        return this.guest(address, PHONE);
    }

    async run(name, test) {
        if (this.part && !name.includes(this.part))
            return;
        const before = this.browser.contexts().length;
        try {
            await test();
            this.passed++;
            console.log(`ok      ${name}`);
        } catch (error) {
            this.failed++;
            console.log(`FAILED  ${name}\n${error.stack ?? error}`);
        }
        for (const context of this.browser.contexts().slice(before))
            await context.close();
    }

    async runAll() {
        await this.server.start();
        this.browser = await this.launch();
        const forms = [
            { name: "server", address: this.server.address },
            { name: "one file", address: pathToFileURL(resolve(this.web, "ashlar.html")).href },
        ];
        for (const form of forms)
            for (const [name, test] of testsOfForm(this, form))
                await this.run(`${form.name}: ${name}`, test);
        for (const [name, test] of testsOfFailures(this, forms))
            await this.run(name, test);
        await this.browser.close();
        this.server.stop();
    }
}

const [npm, web, elf, part] = process.argv.slice(2);
const browserPath = findBrowser();
if (browserPath) {
    const bench = new Bench(npm, web, elf, browserPath, part);
    await bench.runAll();
    console.log(`${bench.passed} passed, ${bench.failed} failed`);
    process.exitCode = bench.failed ? 1 : 0;
} else {
    console.log(`web: left out, there is none of ${BROWSERS.join(", ")}`);
    console.log("0 passed, 0 failed");
}
