// A static web server that sends a strict policy, and can be told to lose or to cut files.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
    ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain", ".wasm": "application/wasm",
};

/* The page that has another one in it (docs/web.md). */
const FRAMING = "embed.html";
const FRAMES = "frame-src http://127.0.0.1:*";

export class Server {
    constructor(folder, policy) {
        this.folder = folder;
        this.policy = policy;
        this.repair();
        this.http = createServer((request, response) => this.answer(request, response));
    }

    /* As it was: all files there and whole, and the policy that was given. */
    repair() {
        this.missing = "";
        this.cut = "";
        this.header = this.policy;
    }

    async start() {
        await new Promise((resolve) => { this.http.listen(0, "127.0.0.1", resolve); });
        this.address = `http://127.0.0.1:${this.http.address().port}/`;
    }

    async answer(request, response) {
        const { pathname } = new URL(request.url, this.address);
        const name = pathname === "/" ? "index.html" : pathname.slice(1);
        const bytes = name === this.missing || name.includes("..") ? null
            : await readFile(join(this.folder, name)).catch(() => null);
        const type = TYPES[extname(name)] ?? "application/octet-stream";
        response.writeHead(bytes ? 200 : 404, {
            "content-security-policy": name === FRAMING ? `${this.header}; ${FRAMES}` : this.header,
            "content-type": bytes ? type : "text/plain",
            "x-content-type-options": "nosniff", "cache-control": "no-store",
        });
        response.end(bytes ? bytes.subarray(0, name === this.cut ? bytes.length >> 1 : undefined)
            : "not found");
    }

    stop() {
        this.http.close();
        this.http.closeAllConnections();
    }
}
