// What goes wrong is told in words: in the page, in the browser, on the server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/* [name, test] each. */
export function testsOfFailures(bench, forms) {
    const { server } = bench;

    /* Opens the page on a server that `harm` did something to. */
    async function harmed(harm) {
        harm(server);
        try {
            const guest = await (await bench.guest(server.address)).open();
            await guest.state("failed");
            return await guest.status();
        } finally {
            server.repair();
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
            const guest = await (await bench.guest(server.address)).open();
            server.repair();
            assert.match(await guest.status(), /page\.js.*did not come/s);
            assert.ok(await guest.page.isVisible("#status"));
        }],
        ["says that a file is cut short", async () => {
            const status = await harmed(() => { server.cut = "ashlar.elf"; });
            assert.match(status, /ashlar\.elf came with \d+ bytes instead of \d+/);
        }],
        ["says that a policy forbids WebAssembly", async () => {
            const status = await harmed(() => {
                server.header = bench.policy.replace(" 'wasm-unsafe-eval'", "");
            });
            assert.match(status, /Content-Security-Policy.*'wasm-unsafe-eval'/);
        }],
        ...forms.map((form) => [`${form.name}: says that WebAssembly is missing`, async () => {
            const browser = await bench.launch("--js-flags=--noexpose-wasm");
            try {
                const guest = await (await bench.guest(form.address, {}, browser)).open();
                assert.equal(await guest.page.evaluate(() => typeof WebAssembly), "undefined");
                await guest.state("failed");
                assert.match(await guest.status(), /no WebAssembly/);
                assert.ok(await guest.page.isVisible("article")); // the texts can be read
                assert.deepEqual(guest.complaints, []);
            } finally {
                await browser.close();
            }
        }]),
        ["says that a server is needed for index.html from disk, or shows why not", async () => {
            const guest = await (await bench.guest(`file://${join(process.cwd(), bench.web, "index.html")}`))
                .open();
            assert.match(await guest.status(), /page\.js|ashlar\.html/);
        }],
        ["has the policy that docs/web.md tells in its own head", async () => {
            const html = readFileSync(join(bench.web, "index.html"), "utf8");
            assert.equal(/Content-Security-Policy" content="([^"]*)"/.exec(html)[1], bench.policy);
            assert.doesNotMatch(html, /<[^>]* (style|on\w+)=/);
        }],
        ["all texts can be read without scripts", async () => {
            const guest = await (await bench.guest(server.address, { javaScriptEnabled: false })).open();
            assert.ok(await guest.page.locator("article:visible").count() >= 10);
        }],
    ];
}
