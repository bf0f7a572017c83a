// The examples of a document, as dialogues with machines. A block ```sh whose first line starts
// QEMU names a machine; the examples behind it, up to the next such block, are one dialogue with
// it. tests/docs/transcripts.py replays them by the same rule.

const PROMPT = "ashlar> ";
const UNIT_MIB = { G: 1024, M: 1, "": 1 };
const RUN = /(?:^| )run=(.*)$/;
const BLOCK = /^block id=(\d+) /;

/* The value of QEMU's option, without its quotes; "" if it is not there. */
function optionOf(command, name) {
    const pattern = new RegExp(` -${name} (?:'([^']*)'|(\\S+))`);
    const [, quoted, plain] = pattern.exec(command) ?? [];
    return quoted ?? plain ?? "";
}

/* { command, ids }: ids that the text shows for the blocks that the command takes. */
function readDialogue(lines) {
    const steps = [];
    for (const line of lines) {
        const id = BLOCK.exec(line)?.[1];
        if (line.startsWith(PROMPT) && line.length > PROMPT.length)
            steps.push({ command: line.slice(PROMPT.length), ids: [] });
        else if (id && steps.length > 0 && /\balloc /.test(steps.at(-1).command))
            steps.at(-1).ids.push(id);
    }
    return steps;
}

/* What runs at boot takes blocks 1, 2, ..., because the machines of the texts have no screen. */
function readScript(script) {
    let count = 0;
    return script.split(";").map((command) => command.trim()).filter(Boolean).map((command) =>
        ({ command, ids: command.startsWith("alloc ") ? [String(++count)] : [] }));
}

export class Sessions {
    /* `id` is unique on the page. */
    constructor(id) {
        this.id = id;
        this.count = 0;
        this.open({ memory: 0, options: "" });
    }

    open(machine) {
        this.machine = machine;
        this.count++;
    }

    /*
     * The example in a block of code: { session, memory (MiB; 0: the page's choice), options,
     * steps }. Null if it has no commands, or cannot run here.
     */
    read(language, lines) {
        const command = lines.join("\n").replace(/\\\n\s*/g, " ").split("\n")[0];
        let steps = [];
        if (language === "sh" && /^qemu-system-|^make run-driver/.test(command))
            steps = this.openMachine(command);
        else if (language !== "sh")
            steps = readDialogue(lines);
        if (steps.length === 0 || !this.machine)
            return null;
        return { session: `${this.id}-${this.count}`, ...this.machine, steps };
    }

    /* Of a machine with modules there are no examples: the page has none. */
    openMachine(command) {
        const [, number, unit] = /^(\d+)([GM]?)$/.exec(optionOf(command, "m")) ?? [0, 128, "M"];
        const given = optionOf(command, "append");
        const options = given.replace(RUN, "").split(" ")
            .filter((option) => option && !option.startsWith("video=")).join(" ");
        const isHere = command.startsWith("qemu-system-") && !command.includes(" -initrd ");
        this.open(isHere ? { memory: Number(number) * UNIT_MIB[unit], options } : null);
        return readScript(RUN.exec(given)?.[1] ?? "");
    }
}
