// The texts in docs/ as articles of one page. Links between them become links within the page,
// those to other files of the source tree plain names; a link that leads nowhere fails the build.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";

import { escapeHtml } from "./html.mjs";
import { Sessions } from "./sessions.mjs";

function markdownIn(root, folder) {
    if (!existsSync(join(root, folder)))
        return [];
    return readdirSync(join(root, folder)).filter((name) => name.endsWith(".md")).sort()
        .map((name) => posix.join(folder, name))
        .sort((a, b) => Number(b.endsWith("/README.md")) - Number(a.endsWith("/README.md")));
}

function labs(root) {
    const folder = "docs/labs";
    return [...markdownIn(root, folder), ...readdirSync(join(root, folder)).sort()
        .flatMap((name) => (name.includes(".") ? [] : markdownIn(root, `${folder}/${name}`)))];
}

/* What is rendered, in order. */
function listDocuments(root) {
    return [
        { title: "Chapters", paths: markdownIn(root, "docs/chapters") },
        { title: "Labs", paths: labs(root) },
        { title: "How it is made", paths: ["README.md", ...markdownIn(root, "docs")] },
    ].filter(({ paths }) => paths.length > 0);
}

/* docs/labs/1-map/README.md: labs-1-map */
function articleId(path) {
    const id = path.replace(/^docs\//, "").replace(/\/?README\.md$/, "").replace(/\.md$/, "")
        .replace(/[^\w]+/g, "-").toLowerCase();
    return `text-${id || "readme"}`;
}

/* The anchors that GitHub gives to headings, which links in Markdown are written for. */
function headingSlugger() {
    const seen = new Map();
    return (text) => {
        const slug = text.toLowerCase().replace(/<[^>]*>/g, "").replace(/[^\w\- ]/g, "")
            .replace(/ /g, "-");
        const count = seen.get(slug) ?? 0;
        seen.set(slug, count + 1);
        return count ? `${slug}-${count}` : slug;
    };
}

const PROMPT = "ashlar> ";

function withoutIndent(text) {
    const lines = text.replace(/\n+$/, "").split("\n");
    const indent = Math.min(...lines.filter(Boolean).map((line) => line.search(/\S|$/)));
    return lines.map((line) => line.slice(indent));
}

/* In an example, what the reader could type is a button that types it. */
function renderLine(line) {
    if (!line.startsWith(PROMPT) || line.length === PROMPT.length)
        return escapeHtml(line);
    return `${escapeHtml(PROMPT)}<button type="button" class="try">`
        + `${escapeHtml(line.slice(PROMPT.length))}</button>`;
}

function renderCode(lines, render) {
    return `<pre class="wide"><code>${lines.map(render).join("\n")}\n</code></pre>`;
}

function renderExample({ session, memory, options, steps }, lines) {
    return `<div class="example" data-session="${session}" data-memory="${memory}" `
        + `data-options="${escapeHtml(options)}" data-steps="${escapeHtml(JSON.stringify(steps))}">`
        + '<button type="button" class="run-example">Run this example</button>'
        + `${renderCode(lines, renderLine)}</div>`;
}

class Article {
    constructor(site, path) {
        this.site = site;
        this.path = path;
        this.id = articleId(path);
        this.slug = headingSlugger();
        this.anchors = new Set();
        this.title = path;
        this.sessions = new Sessions(this.id.replace(/^text-/, ""));
        this.html = site.marked.parse(readFileSync(join(site.root, path), "utf8")
            .replace(/<!--.*?-->\n?/gs, ""), { renderer: this.renderer() });
    }

    renderer() {
        const article = this;
        return {
            code({ text, lang }) {
                const lines = withoutIndent(text);
                const example = article.sessions.read(lang ?? "", lines);
                return example ? renderExample(example, lines) : renderCode(lines, escapeHtml);
            },
            heading({ tokens, depth }) {
                const html = this.parser.parseInline(tokens);
                const slug = article.slug(html.replace(/&[a-z#0-9]+;/g, ""));
                if (article.anchors.size === 0)
                    article.title = html.replace(/<[^>]*>/g, "");
                article.anchors.add(slug);
                const level = Math.min(6, depth + 2);
                return `<h${level} id="${article.id}--${slug}">${html}</h${level}>\n`;
            },
            table(token) {
                const cell = (html, tag) => `<${html ? tag : "td"}>${html}</${html ? tag : "td"}>`;
                const row = (cells, tag) => `<tr>${cells.map(({ tokens }) =>
                    cell(this.parser.parseInline(tokens), tag)).join("")}</tr>`;
                return `<div class="wide"><table><thead>${row(token.header, "th")}</thead><tbody>`
                    + token.rows.map((cells) => row(cells, "td")).join("\n")
                    + "</tbody></table></div>\n";
            },
            link({ href, tokens }) {
                return article.link(href, this.parser.parseInline(tokens));
            },
            image({ href, text }) {
                const path = article.resolve(href);
                if (!/\.(png|svg|jpg)$/.test(path) || !existsSync(join(article.site.root, path)))
                    throw new Error(`${article.path}: there is no picture ${path}`);
                const source = article.site.picture(path);
                return `<img src="${source}" alt="${escapeHtml(text)}" loading="lazy">`;
            },
        };
    }

    resolve(href) {
        return posix.normalize(posix.join(dirname(this.path), href));
    }

    /* Where it leads is looked at later, when all articles are known. */
    link(href, html) {
        if (/^[a-z]+:/.test(href))
            return `<a href="${escapeHtml(href)}" rel="noreferrer">${html}</a>`;
        const [file, anchor] = href.split("#");
        const path = file ? this.resolve(file) : this.path;
        const document = [path, posix.join(path, "README.md")]
            .find((each) => this.site.paths.includes(each));
        if (document) {
            this.site.links.push({ from: this.path, to: document, anchor });
            return `<a href="#${articleId(document)}${anchor ? `--${anchor}` : ""}">${html}</a>`;
        }
        if (!existsSync(join(this.site.root, path)))
            throw new Error(`${this.path}: a link leads to ${path}, which is not there`);
        const hint = `In the source tree: ${escapeHtml(path)}`;
        return `<span class="source" title="${hint}">${html}</span>`;
    }
}

function check({ links, articles }) {
    for (const { from, to, anchor } of links) {
        if (anchor && !articles.find((article) => article.path === to).anchors.has(anchor))
            throw new Error(`${from}: a link leads to ${to}#${anchor}, which has no such heading`);
    }
}

/*
 * { contents, articles }, both HTML. `picture(path)` returns the address that the page will find a
 * picture at.
 */
export async function renderDocs(root, npmFolder, picture) {
    const { Marked } = await import(pathToFileURL(join(npmFolder, "marked/lib/marked.esm.js")));
    const groups = listDocuments(root);
    const site = {
        root, picture, links: [], articles: [], paths: groups.flatMap(({ paths }) => paths),
        marked: { parse: (text, { renderer }) => new Marked().use({ renderer }).parse(text) },
    };
    site.articles = site.paths.map((path) => new Article(site, path));
    check(site);
    const byPath = (path) => site.articles.find((article) => article.path === path);
    const contents = groups.map(({ title, paths }, i) => `<details${i === 0 ? " open" : ""}>`
        + `<summary>${title}</summary><ul>${paths.map(byPath).map(({ id, title: name }) =>
            `<li><a href="#${id}">${name}</a></li>`).join("\n")}</ul></details>`).join("\n");
    const articles = site.articles.map(({ id, html }) =>
        `<article id="${id}">\n${html}</article>`).join("\n");
    return { contents, articles };
}
