// What goes wrong is told in words: in the page, in the browser, on the server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/* [name, test] each. */
export function testsOfFailures(lane, addressOnDisk) {
    const { server } = lane;

    /* Opens the page on a server that `harm` did something to. */
    async function harmed(harm) {
        harm(server);
        try {
            const guest = await (await lane.guest(server.address)).open();
            await guest.state("failed");
            return await guest.status();
        } finally {
            server.repair();
        }
    }

    async function withoutWebAssembly(address) {
        const browser = await lane.launch({
            flags: ["--js-flags=--jitless"], prefs: { "javascript.options.wasm": false },
        }); // takes it away
        try {
            const guest = await (await lane.guest(address, undefined, browser)).open();
            assert.equal(await guest.page.evaluate(() => typeof WebAssembly), "undefined");
            await guest.state("failed");
            assert.match(await guest.status(), /no WebAssembly/);
            assert.ok(await guest.countVisible("article") > 0); // the texts can be read
            assert.deepEqual(guest.complaints, []);
        } finally {
            await browser.close();
        }
    }

    const losses = ["v86.wasm", "ashlar.elf", "libv86.js"].map((file) => [
        `says that ${file} did not come`, async () => {
            const status = await harmed(() => { server.missing = file; });
            assert.match(status, new RegExp(`The file ${file.replace(".", "\\.")}.* did not come`));
        },
    ]);
    return [
        ...losses,
        ["says that page.js did not come", async () => {
            server.missing = "page.js";
            const guest = await (await lane.guest(server.address)).open();
            server.repair();
            assert.match(await guest.status(), /page\.js.*did not come/s);
            assert.equal(await guest.countVisible("#status"), 1);
        }],
        ["says that a file is cut short", async () => {
            const status = await harmed(() => { server.cut = "ashlar.elf"; });
            assert.match(status, /ashlar\.elf came with \d+ bytes instead of \d+/);
        }],
        ["says that a policy forbids WebAssembly", async () => {
            const status = await harmed(() => {
                server.header = lane.policy.replace(" 'wasm-unsafe-eval'", "");
            });
            assert.match(status, /Content-Security-Policy.*'wasm-unsafe-eval'/);
        }],
        ["says that a policy forbids the worker", async () => {
            const status = await harmed(() => {
                server.header = lane.policy.replace("worker-src blob:", "worker-src 'none'");
            });
            assert.match(status, /worker .*Content-Security-Policy.*\(worker-src blob:\)/);
        }],
        ["server: says that WebAssembly is missing", () => withoutWebAssembly(server.address)],
        ["one file: says that WebAssembly is missing", () => withoutWebAssembly(addressOnDisk)],
        ["points from index.html on disk to the form that works there", async () => {
            const address = addressOnDisk.replace(/ashlar\.html$/, "index.html");
            const guest = await (await lane.guest(address)).open();
            assert.match(await guest.status(), /from disk.*ashlar\.html/s);
        }],
        ["has the policy that docs/web.md tells in its own head", async () => {
            const html = readFileSync(join(lane.web, "index.html"), "utf8");
            assert.equal(/Content-Security-Policy" content="([^"]*)"/.exec(html)[1], lane.policy);
            assert.doesNotMatch(html, /<[^>]* (style|on\w+)=/);
        }],
        ["all texts can be read without scripts", async () => {
            server.header = lane.policy.replace(/script-src [^;]*/, "script-src 'none'");
            const guest = await (await lane.guest(server.address)).open();
            server.repair();
            assert.ok(await guest.countVisible("article") >= 10);
            assert.match(await guest.status(), /scripts\s+are switched off/);
        }],
    ];
}
