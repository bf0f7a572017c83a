#!/usr/bin/env node
// Takes the pictures of the web page in docs/web.md, on a desktop and on a phone, and one of each
// step of the tour on the phone, so that people can look at them.
//
//   node tools/web/screenshots.mjs NPM_FOLDER WEB_FOLDER OUT_FOLDER TOUR_FOLDER

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "../../tests/web/browser.mjs";
import { Guest } from "../../tests/web/guest.mjs";

const COMMANDS = ["alloc 20M as textures", "alloc 12M above 32M below 64M as camera",
    "alloc 3M below 16M align 64K as sound", "alloc 1M align 1M as network"];
const PHONE = { width: 360, height: 740, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const VIEWS = [
    { name: "web.png", viewport: { width: 1440, height: 900 }, scheme: "light" },
    { name: "web-phone.png", viewport: PHONE, scheme: "dark", tour: "web-phone-tour.png" },
];
const TOUR_STEP = 4;

async function take(guest, path) {
    await guest.settledLook();
    await guest.page.evaluate(() => {
        document.activeElement.blur();
        scrollTo(0, 0);
    });
    await guest.page.screenshot({ path });
}

/* Each step of the tour, after it was shown; the one of the documents is kept for them. */
async function takeTour(guest, folder, chosen) {
    await mkdir(folder, { recursive: true });
    await guest.enter("tour");
    for (let step = 1, isLast = false; !isLast; step++) {
        await guest.keys(/Enter: show/);
        await guest.page.tap("#lesson-next");
        await guest.keys(/Enter: (next|end)/);
        isLast = /Enter: end/.test(await guest.text("#now"));
        await take(guest, join(folder, `${String(step).padStart(2, "0")}.png`));
        if (step === TOUR_STEP)
            await guest.page.screenshot({ path: chosen });
        if (!isLast)
            await guest.page.tap("#lesson-next");
    }
}

const [npm, web, out, tours] = process.argv.slice(2);
const browser = await launch("chrome", npm);
for (const { name, viewport, scheme, tour } of VIEWS) {
    const page = await (await browser.createBrowserContext()).newPage();
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const guest = await new Guest(page, pathToFileURL(resolve(web, "ashlar.html")).href).open();
    await guest.state("running");
    await page.select("#memory", "128");
    await guest.state("running");
    for (const command of COMMANDS)
        await guest.command(command);
    await take(guest, join(out, name));
    if (tour)
        await takeTour(guest, tours, join(out, tour));
}
await browser.close();
