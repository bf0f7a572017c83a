// Brings a large file, from the server or out of the page itself. In the one-file form each file is
// a script element of a type that no browser runs, in base64; a page from disk may fetch nothing.

/* Its message is a sentence for the reader. */
export class FileMissing extends Error {}

/* Of each file: { url, bytes }. Its length is known, so that progress can be shown in any case. */
const FILES = JSON.parse(document.getElementById("files").textContent);

export function bytesToLoad() {
    return Object.values(FILES).reduce((sum, file) => sum + file.bytes, 0);
}

function checked(name, bytes) {
    if (bytes.length === FILES[name].bytes)
        return bytes;
    throw new FileMissing(`The file ${name} came with ${bytes.length} bytes instead of `
        + `${FILES[name].bytes}. Load the page anew; if that does not help, `
        + "the files on the server are of two different builds.");
}

/* Four characters are three bytes, so that each piece but the last ends without padding. */
const PIECE_CHARACTERS = 1 << 20;

async function unpack(name, text, onProgress) {
    const bytes = new Uint8Array(FILES[name].bytes);
    let count = 0;
    for (let start = 0; start < text.length; start += PIECE_CHARACTERS) {
        const piece = atob(text.slice(start, start + PIECE_CHARACTERS));
        for (let i = 0; i < piece.length; i++)
            bytes[count++] = piece.charCodeAt(i);
        onProgress(piece.length);
        await new Promise((resolve) => { setTimeout(resolve); }); // lets the bar be drawn
    }
    return checked(name, bytes.subarray(0, count));
}

async function collect(response, onProgress) {
    const reader = response.body.getReader();
    const pieces = [];
    for (;;) {
        const { done, value } = await reader.read();
        if (done)
            break;
        pieces.push(value);
        onProgress(value.length);
    }
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function download(name, onProgress) {
    let response;
    try {
        response = await fetch(FILES[name].url);
        if (response.ok)
            return checked(name, await collect(response, onProgress));
    } catch (error) {
        if (error instanceof FileMissing)
            throw error;
        throw new FileMissing(location.protocol === "file:"
            ? "A browser fetches nothing from disk. Open ashlar.html instead, which has all in one "
                + "file, or put this folder on a web server."
            : `The file ${name} did not come: the server cannot be reached, or the connection `
                + "broke. Load the page anew.");
    }
    throw new FileMissing(`The file ${name} did not come: the server answered `
        + `${response.status} ${response.statusText}`.trim() + ".");
}

/* The bytes of a file. onProgress is told how many more have come. */
export function loadFile(name, onProgress) {
    const element = document.querySelector(`script[data-file="${name}"]`);
    return element ? unpack(name, element.textContent, onProgress) : download(name, onProgress);
}
