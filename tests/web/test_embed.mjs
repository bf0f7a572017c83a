// The machine in other pages, by the tag <ashlar-machine>.

import assert from "node:assert/strict";

import { checkAxe } from "./axe.mjs";
import { PATIENCE } from "./browser.mjs";
import { Server } from "./server.mjs";

/* The machine's frame, once its last line but the prompt is like that. */
async function machineIn(guest, pattern) {
    const host = await guest.page.waitForSelector("ashlar-machine");
    const handle = await host.evaluateHandle((each) => each.shadowRoot.querySelector("iframe"));
    const frame = await handle.contentFrame();
    await frame.waitForFunction((text) => {
        const lines = [...document.querySelectorAll("#past > div")];
        return new RegExp(text).test(lines.at(-1)?.textContent)
            && document.getElementById("now").textContent.trim() === "ashlar>";
    }, { timeout: PATIENCE, polling: 50 }, pattern);
    return frame;
}

/* [name, test] each. */
export function testsOfEmbedding(lane) {
    const { server } = lane;
    return [
        ["a tag puts the machine into a page, and a new attribute starts it anew", async () => {
            const guest = await (await lane.guest(`${server.address}embed.html`)).open();
            const frame = await machineIn(guest, "^block id=.*owner=sound$");
            for (const part of ["header", "footer", "#commands", "#texts"]) {
                assert.equal(await frame.$eval(part, (each) => each.checkVisibility()), false);
            }
            const hidden = await frame.evaluate(() => ["#picture canvas", "#status", "#command",
                "#terminal"].filter((part) => {
                const box = document.querySelector(part).getBoundingClientRect();
                return box.top < 0 || box.height === 0 || box.bottom > innerHeight
                    || box.right > innerWidth;
            }));
            assert.deepEqual(hidden, []);
            await checkAxe(guest, "body");
            await guest.page.$eval("ashlar-machine", (machine) => {
                machine.setAttribute("machine", "isa-hole");
                machine.setAttribute("run", "alloc 8M as new");
            });
            const lines = await (await machineIn(guest, "^block id=1 .*owner=new$"))
                .$$eval("#past > div", (all) => all.map((line) => line.textContent));
            assert.ok(lines.some((line) => line.startsWith("machine name=isa-hole ")));
            assert.ok(!lines.some((line) => line.includes("owner=sound")));
            assert.deepEqual(guest.complaints, []);
        }],
        ["the tag opens a machine on another server", async () => {
            const other = new Server(lane.web, lane.policy);
            await other.start();
            try {
                const guest = await (await lane.guest(`${server.address}embed.html`)).open();
                await guest.page.$eval("ashlar-machine", (machine, address) => {
                    machine.setAttribute("src", address);
                    machine.setAttribute("run", "check");
                }, other.address);
                const frame = await machineIn(guest, "^check ok$");
                assert.ok(frame.url().startsWith(other.address));
            } finally {
                other.stop();
            }
        }],
    ];
}
