#!/usr/bin/env node
// Takes the pictures of the web page in docs/web.md: on a desktop and on a phone.
//
//   node tools/web/screenshots.mjs NPM_FOLDER WEB_FOLDER OUT_FOLDER

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { environmentOfBrowser, findBrowser, loadPlaywright } from "../../tests/web/browser.mjs";
import { Guest } from "../../tests/web/guest.mjs";

const COMMANDS = ["alloc 20M as textures", "alloc 12M above 32M below 64M as camera",
    "alloc 3M below 16M align 64K as sound", "alloc 1M align 1M as network"];
const VIEWS = [
    { name: "web.png", options: { viewport: { width: 1440, height: 900 }, colorScheme: "light" } },
    {
        name: "web-phone.png",
        options: {
            viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true,
            hasTouch: true, colorScheme: "dark",
        },
    },
];

const [npm, web, out] = process.argv.slice(2);
const browser = await loadPlaywright(npm).launch({
    executablePath: findBrowser(), args: ["--no-sandbox"], env: environmentOfBrowser(npm),
});
for (const { name, options } of VIEWS) {
    const page = await (await browser.newContext(options)).newPage();
    const guest = await new Guest(page, pathToFileURL(resolve(web, "ashlar.html")).href).open();
    await guest.state("running");
    await page.selectOption("#memory", "128");
    await guest.state("running");
    for (const command of COMMANDS)
        await guest.command(command);
    await guest.settledLook();
    await page.evaluate(() => {
        document.activeElement.blur();
        scrollTo(0, 0);
    });
    await page.screenshot({ path: join(out, name) });
}
await browser.close();
