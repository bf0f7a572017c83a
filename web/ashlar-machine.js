// <ashlar-machine>: puts the machine into any page, with one tag. This file is all it needs:
//
//   <script type="module" src="ashlar-machine.js"></script>
//   <ashlar-machine machine="small" run="alloc 3; alloc 5"></ashlar-machine>
//
// src      the address of index.html or ashlar.html; the index.html beside this file by itself
// machine  the simulated machine to open, memory: the PC's memory in MiB
// options  the kernel's boot options
// run      commands with ; between them
// label    what screen readers call it
//
// If an attribute changes, the machine starts anew with it. The machine is a frame, so that page
// and machine cannot disturb each other.

const PARTS = ["machine", "memory", "options", "run"]; // of the link (link.mjs)

class AshlarMachine extends HTMLElement {
    static observedAttributes = ["src", "label", ...PARTS];

    constructor() {
        super();
        const style = new CSSStyleSheet();
        style.replaceSync(":host { display: block; height: 40rem; max-width: 100%; } "
            + ":host([hidden]) { display: none; } "
            + "iframe { display: block; width: 100%; height: 100%; border: 0; }");
        this.frame = document.createElement("iframe");
        this.frame.allow = "fullscreen; clipboard-write";
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [style];
        root.append(this.frame);
    }

    connectedCallback() {
        this.update();
    }

    attributeChangedCallback() {
        if (this.isConnected)
            this.update();
    }

    /* Several attributes may change at once. */
    update() {
        if (!this.isDue)
            queueMicrotask(() => this.load());
        this.isDue = true;
    }

    load() {
        this.isDue = false;
        const address = this.getAttribute("src") ?? new URL("index.html", import.meta.url).href;
        const values = [["view", "embedded"], ...PARTS.filter((name) => this.hasAttribute(name))
            .map((name) => [name, this.getAttribute(name)])];
        const url = new URL(address, document.baseURI);
        url.hash = new URLSearchParams(values).toString();
        this.frame.title = this.getAttribute("label") ?? "A machine with the kernel Ashlar";
        if (this.frame.src !== url.href)
            this.frame.src = url.href;
    }
}

customElements.define("ashlar-machine", AshlarMachine);
