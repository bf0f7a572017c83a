// The build ID of a kernel file: the linker's note (ELF gABI, note sections; GNU type 3), which the
// kernel's own `report` prints too.

const NOTE = [4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4E, 0x55, 0]; // sizes, type, "GNU"
const ID_BYTES = 20;

/* In hexadecimal; empty if the file has none. */
export function buildId(bytes) {
    let at = bytes.indexOf(NOTE[0]);
    while (at >= 0 && !NOTE.every((value, i) => bytes[at + i] === value))
        at = bytes.indexOf(NOTE[0], at + 1);
    if (at < 0)
        return "";
    return Array.from(bytes.subarray(at + NOTE.length, at + NOTE.length + ID_BYTES),
        (value) => value.toString(16).padStart(2, "0")).join("");
}
