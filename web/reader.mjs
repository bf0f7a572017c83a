// The texts: one is shown at a time, the one that the address names. Without scripts all are shown.

import { isLink } from "./link.mjs";

export class Reader {
    constructor(box) {
        this.box = box;
        this.articles = [...box.querySelectorAll("article")];
        window.addEventListener("hashchange", () => this.show(true));
        new ResizeObserver(() => this.findScrollers()).observe(box);
        this.show(location.hash !== "" && !isLink(location.hash));
    }

    /* What is too wide for its box is scrolled by the keyboard too, so it takes the focus. */
    findScrollers() {
        for (const each of this.shown?.querySelectorAll(".wide") ?? []) {
            if (each.scrollWidth > each.clientWidth)
                each.tabIndex = 0;
            else
                each.removeAttribute("tabindex");
        }
    }

    show(isAskedFor) {
        const id = isLink(location.hash) ? "" : decodeURIComponent(location.hash.slice(1));
        const target = id ? document.getElementById(id) : null;
        const article = target?.closest("article") ?? (this.shown || this.articles[0]);
        if (!article || (isAskedFor && id && !this.box.contains(target)))
            return;
        this.shown = article;
        for (const each of this.articles)
            each.hidden = each !== article;
        for (const link of this.box.querySelectorAll("nav a")) {
            if (link.hash === `#${article.id}`)
                link.setAttribute("aria-current", "page");
            else
                link.removeAttribute("aria-current");
        }
        this.findScrollers();
        if (isAskedFor && target)
            target.scrollIntoView();
    }
}
