// A permalink: the part of the page's address behind # that says what to open and what to type, as
// in #machine=small&run=alloc+3;free+a. A text's address has no "=", so the two are told apart.

/* Its message is a sentence for the reader. */
export class BadLink extends Error {}

export function isLink(hash) {
    return hash.includes("=");
}

const OWN_OPTIONS = /^(video|run)=/; // the page gives these itself

function checkCharacters(key, text) {
    const bad = [...text].find((character) => character < " " || character > "~");
    if (bad) {
        throw new BadLink(`The link's ${key} has a character that the machine's keyboard does not `
            + `have: ${JSON.stringify(bad)}.`);
    }
}

function readCommands(text) {
    checkCharacters("run", text);
    return text.split(";").map((command) => command.trim()).filter(Boolean);
}

function readOptions(text) {
    checkCharacters("options", text);
    const options = text.split(" ").filter(Boolean);
    const own = options.find((option) => OWN_OPTIONS.test(option));
    if (own) {
        throw new BadLink(`The link's options have ${own}. The page itself chooses video=, and `
            + "types what the link's run says.");
    }
    return options.join(" ");
}

function check(key, value, known) {
    if (!known.includes(value)) {
        throw new BadLink(`The link asks for ${key}=${value}, which there is not. There is: `
            + `${known.join(", ")}.`);
    }
}

/*
 * { memory, options, commands, isEmbedded }; memory is undefined where the link does not name it.
 * `machines` and `memories` are the values that there are. Throws BadLink.
 */
export function readLink(hash, machines, memories) {
    const link = { memory: undefined, options: "", commands: [], isEmbedded: false };
    let machine = "";
    for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
        if (key === "machine") {
            check(key, value, machines);
            machine = value;
        } else if (key === "memory") {
            check(key, value, memories);
            link.memory = value;
        } else if (key === "options") {
            link.options = readOptions(value);
        } else if (key === "run") {
            link.commands = readCommands(value);
        } else if (key === "view") {
            check(key, value, ["embedded"]);
            link.isEmbedded = true;
        } else {
            throw new BadLink(`The link has ${key}=${value}. A link has machine, memory, options, run `
                + "and view.");
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
