// The browser that the tests and the pictures are made with.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";

export const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

/* Its path; undefined if there is none. */
export function findBrowser() {
    const folders = process.env.PATH.split(delimiter);
    return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/* Its environment. What it keeps in its user's home goes to a folder beside npmFolder. */
export function environmentOfBrowser(npmFolder) {
    const { XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, ...others } = process.env;
    return { ...others, HOME: resolve(npmFolder, "../browser") };
}

/* What starts it. */
export function loadPlaywright(npmFolder) {
    return createRequire(resolve(npmFolder, "node_modules/"))("playwright-core").chromium;
}
