// What a terminal sends for a key. The kernel's line knows these (kernel/lib/line.h).

const KEYS = {
    Enter: "\r", Backspace: "\x7F", Tab: "\t", Delete: "\x1B[3~", Home: "\x1B[H", End: "\x1B[F",
    PageUp: "\x1B[5~", PageDown: "\x1B[6~",
    ArrowUp: "\x1B[A", ArrowDown: "\x1B[B", ArrowRight: "\x1B[C", ArrowLeft: "\x1B[D",
};
const CONTROL_KEYS = {
    ArrowUp: "\x1B[1;5A", ArrowDown: "\x1B[1;5B", ArrowRight: "\x1B[1;5C", ArrowLeft: "\x1B[1;5D",
};
/* The other letters are left to the browser. */
const CONTROL_LETTERS = "acdeknpuw";

export const CTRL_C = "\x03";
export const CLEAR_LINE = "\x05\x15"; // to the end, then erase all before it

function isTyped(key) {
    return key.length === 1 && key >= " " && key <= "~";
}

/* The bytes of a keydown event; empty if the key is none of the terminal's. */
export function keyBytes(event) {
    const { key } = event;
    if (event.metaKey || event.altKey || event.isComposing)
        return event.getModifierState("AltGraph") && isTyped(key) ? key : "";
    if (!event.ctrlKey)
        return isTyped(key) ? key : event.shiftKey && key === "Tab" ? "" : KEYS[key] ?? "";
    if (event.getModifierState("AltGraph") && isTyped(key))
        return key;
    const letter = key.toLowerCase();
    if (letter === "c" && !getSelection().isCollapsed)
        return ""; // it copies
    if (letter.length === 1 && CONTROL_LETTERS.includes(letter))
        return String.fromCharCode(letter.charCodeAt(0) & 31);
    return CONTROL_KEYS[key] ?? "";
}
