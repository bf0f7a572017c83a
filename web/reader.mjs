// The texts: one is shown at a time, the one that the address names. Without scripts all are shown.

export class Reader {
    constructor(box) {
        this.box = box;
        this.articles = [...box.querySelectorAll("article")];
        window.addEventListener("hashchange", () => this.show(true));
        this.show(location.hash !== "");
    }

    show(isAskedFor) {
        const id = decodeURIComponent(location.hash.slice(1));
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
        if (isAskedFor && target)
            target.scrollIntoView();
    }
}
