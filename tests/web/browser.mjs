// The browsers that the tests and the pictures are made with. puppeteer drives both of them:
// Chromium by its own protocol, and Firefox, as distributions have it, by WebDriver BiDi.

import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";

const PROGRAMS = {
    chrome: ["chromium", "chromium-browser", "google-chrome"],
    firefox: ["firefox-esr", "firefox"],
};
/* puppeteer gives pages from disk more rights than a reader's Firefox does. */
const PREFS = { "security.fileuri.strict_origin_policy": true };
const FLAGS = { chrome: ["--no-sandbox"], firefox: [] };
export const PATIENCE = 120000; // milliseconds: a slow machine is no failure
const LONGEST_CALL = 5 * PATIENCE; // what axe does is one call

/* Its path; undefined if there is none. */
function findProgram(name) {
    const folders = process.env.PATH.split(delimiter);
    return PROGRAMS[name].flatMap((program) => folders.map((folder) => join(folder, program)))
        .find(existsSync);
}

/* What it keeps in its user's home goes to a folder beside npmFolder. */
function environment(npmFolder) {
    const { XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, ...others } = process.env;
    const home = resolve(npmFolder, "../browser");
    mkdirSync(home, { recursive: true });
    return { ...others, HOME: home };
}

/* The names of those that are here. */
export function findBrowsers() {
    return Object.keys(PROGRAMS).filter(findProgram);
}

/* `special`: { flags, prefs }, of Chromium and of Firefox. */
export function launch(name, npmFolder, special = {}) {
    const puppeteer = createRequire(resolve(npmFolder, "node_modules/"))("puppeteer-core");
    return puppeteer.launch({
        browser: name, executablePath: findProgram(name), env: environment(npmFolder),
        args: [...FLAGS[name], ...name === "chrome" ? special.flags ?? [] : []],
        extraPrefsFirefox: { ...PREFS, ...special.prefs },
        timeout: PATIENCE, protocolTimeout: LONGEST_CALL, defaultViewport: null,
    });
}
