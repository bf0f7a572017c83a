#!/usr/bin/env node
// Builds the web page in two forms from the same sources:
//
//   OUT/index.html   with its script, style, emulator and kernel beside it, for a web server;
//                    ashlar-machine.js puts it into other pages, as embed.html shows
//   OUT/ashlar.html  all of it in one file, to be opened from disk
//
//   node tools/web/build.mjs ELF NPM_FOLDER OUT

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { makeButtons } from "./buttons.mjs";
import { renderDocs } from "./docs.mjs";
import { escapeHtml } from "./html.mjs";
import { joinModules } from "./join_modules.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const WEB = join(ROOT, "web");

/* Everything comes from where the page came from; nothing inline runs. See docs/web.md. */
const SITE_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; "
    + "style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

const PICTURE_TYPES = { ".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg" };

function sha256(bytes, encoding = "hex") {
    return createHash("sha256").update(bytes).digest(encoding);
}

function base64(bytes) {
    return Buffer.from(bytes).toString("base64");
}

function fill(template, values) {
    return template.replace(/\{\{([\w-]+)\}\}/g, (_, name) => {
        if (values[name] === undefined)
            throw new Error(`index.html wants {{${name}}}, which nothing gives`);
        return values[name];
    });
}

/* An address that changes with the file, so that a browser's cache never mixes two builds. */
function stamped(name, bytes) {
    return `${name}?${sha256(bytes).slice(0, 12)}`;
}

/* In MiB: what the page lets one choose. */
function memoryChoices(template) {
    return [...template.matchAll(/<option value="(\d+)"/g)].map(([, value]) => Number(value));
}

/* What both forms have in common. */
async function gather(elf, npm) {
    const v86 = join(npm, "v86");
    const kernel = readFileSync(elf);
    const template = readFileSync(join(WEB, "index.html"), "utf8");
    return {
        template,
        style: readFileSync(join(WEB, "style.css"), "utf8"),
        icon: readFileSync(join(WEB, "icon.svg"), "utf8").trim(),
        page: joinModules(join(WEB, "page.mjs")),
        emulator: readFileSync(join(v86, "build/libv86.js"), "utf8"),
        licence: readFileSync(join(v86, "LICENSE"), "utf8"),
        files: { "v86.wasm": readFileSync(join(v86, "build/v86.wasm")), "ashlar.elf": kernel },
        values: {
            "buttons": await makeButtons(v86, elf, memoryChoices(template)),
            "kernel-bytes": String(kernel.length),
            "kernel-sha256": sha256(kernel),
            "v86-version": JSON.parse(readFileSync(join(v86, "package.json"), "utf8")).version,
        },
    };
}

function fileTable(files, address) {
    const table = Object.fromEntries(Object.entries(files).map(([name, bytes]) =>
        [name, { url: address(name, bytes), bytes: bytes.length }]));
    return `<script type="application/json" id="files">${JSON.stringify(table)}</script>`;
}

async function writeSite(parts, npm, out) {
    const put = (name, bytes) => {
        writeFileSync(join(out, name), bytes);
        return stamped(name, bytes);
    };
    mkdirSync(join(out, "pictures"));
    const docs = await renderDocs(ROOT, npm, (path) => {
        const name = path.replace(/^docs\//, "").replaceAll("/", "-");
        return put(`pictures/${name}`, readFileSync(join(ROOT, path)));
    });
    const style = put("style.css", parts.style);
    const icon = put("icon.svg", parts.icon);
    put("v86-licence.txt", parts.licence);
    for (const name of ["ashlar-machine.js", "embed.html", "embed.css"])
        put(name, readFileSync(join(WEB, name)));
    writeFileSync(join(out, "index.html"), fill(parts.template, {
        ...parts.values, ...docs,
        "policy": SITE_POLICY,
        "style": `<link rel="stylesheet" href="${style}">`,
        "icon": `<link rel="icon" href="${icon}" type="image/svg+xml">`,
        "v86-licence": "v86-licence.txt",
        "files": fileTable(parts.files, put),
        "scripts": `<script defer src="${put("libv86.js", parts.emulator)}"></script>\n`
            + `<script type="module" src="${put("page.js", parts.page)}"></script>`,
    }));
}

/* HTML ends a script at the first end tag, wherever it stands. */
function inlineScript(attributes, text) {
    const safe = text.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
    const hash = `'sha256-${sha256(safe, "base64")}'`;
    return { html: `<script${attributes}>${safe}</script>`, hash };
}

async function writeOneFile(parts, npm, out) {
    const docs = await renderDocs(ROOT, npm, (path) =>
        `data:${PICTURE_TYPES[extname(path)]};base64,${base64(readFileSync(join(ROOT, path)))}`);
    const scripts = [inlineScript("", parts.emulator), inlineScript(' type="module"', parts.page)];
    const data = Object.entries(parts.files).map(([name, bytes]) =>
        `<script type="text/plain" data-file="${name}">${base64(bytes)}</script>`);
    const policy = `default-src 'none'; script-src ${scripts.map(({ hash }) => hash).join(" ")} `
        + "'wasm-unsafe-eval'; worker-src blob:; "
        + `style-src 'sha256-${sha256(parts.style, "base64")}'; img-src data:; base-uri 'none'; `
        + "form-action 'none'";
    const licence = `<pre class="wide" id="v86-licence">${escapeHtml(parts.licence)}</pre>`;
    const template = parts.template.replace("</footer>", () => `${licence}\n</footer>`);
    writeFileSync(join(out, "ashlar.html"), fill(template, {
        ...parts.values, ...docs,
        "policy": policy,
        "style": `<style>${parts.style}</style>`,
        "icon": `<link rel="icon" href="data:image/svg+xml;base64,${base64(parts.icon)}">`,
        "v86-licence": "#v86-licence",
        "files": [fileTable(parts.files, () => ""), ...data].join("\n"),
        "scripts": scripts.map(({ html }) => html).join("\n"),
    }));
}

const [elf, npmFolder, out] = process.argv.slice(2);
if (!out) {
    console.error("usage: node tools/web/build.mjs ELF NPM_FOLDER OUT");
    process.exit(2);
}
try {
    const npm = join(npmFolder, "node_modules");
    const parts = await gather(elf, npm);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    await writeSite(parts, npm, out);
    await writeOneFile(parts, npm, out);
} catch (error) {
    console.error(`web: ${error.message.split("\n")[0]}`); // marked adds lines of its own
    process.exit(1);
}
process.exit(0);
