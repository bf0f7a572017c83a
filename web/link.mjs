// A permalink: the part of the page's address behind # that says what to open and what to type, as
// in #machine=small&run=alloc+3;free+a. A text's address has no "=", so the two are told apart.

/* Its message is a sentence for the reader. */
export class BadLink extends Error {}

export function isLink(hash) {
    return hash.includes("=");
}

function readCommands(text) {
    const bad = [...text].find((character) => character < " " || character > "~");
    if (bad) {
        throw new BadLink("The link's run has a character that the machine's keyboard does not "
            + `have: ${JSON.stringify(bad)}.`);
    }
    return text.split(";").map((command) => command.trim()).filter(Boolean);
}

function check(key, value, known) {
    if (!known.includes(value)) {
        throw new BadLink(`The link asks for ${key}=${value}, which there is not. There is: `
            + `${known.join(", ")}.`);
    }
}

/*
 * { memory, commands, isEmbedded }; memory is undefined where the link does not name it.
 * `machines` and `memories` are the values that there are. Throws BadLink.
 */
export function readLink(hash, machines, memories) {
    const link = { memory: undefined, commands: [], isEmbedded: false };
    let machine = "";
    for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
        if (key === "machine") {
            check(key, value, machines);
            machine = value;
        } else if (key === "memory") {
            check(key, value, memories);
            link.memory = value;
        } else if (key === "run") {
            link.commands = readCommands(value);
        } else if (key === "view") {
            check(key, value, ["embedded"]);
            link.isEmbedded = true;
        } else {
            throw new BadLink(`The link has ${key}=${value}. A link has machine, memory, run and `
                + "view.");
        }
    }
    if (machine)
        link.commands.unshift(`machine ${machine}`);
    return link;
}

/* The link's text, with the # before it. */
export function writeLink(values) {
    const encode = (text) => encodeURIComponent(text).replace(/%20/g, "+").replace(/%3B/g, ";");
    return `#${Object.entries(values).map(([key, value]) => `${key}=${encode(value)}`).join("&")}`;
}
