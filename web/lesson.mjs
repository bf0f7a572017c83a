// The tour and the quiz as a part of the page. The kernel tells both over the serial line: an empty
// line, a line that names the step or the question, its text in several lines, and then, behind the
// cursor, the keys and what they do. So every word here is the kernel's own.

const STEP = /^(\d+)\/(\d+) (\S.*)$/;
const QUESTION = /^question number=(\d+) of=(\d+) topic=(\S+) .*answer=(\S+)/;
const CHOICE = /^([A-D]): (.*)$/;
const VERDICT = /^answer number=.* score=(\d+) of=(\d+)/;
const TYPED = "ashlar>";
const END = /^(tour|quiz) end /;
const KEY_LINE = /^(A-[A-D]|number, Enter|Enter|any key): /;
const KEY = /(\S[^:]*?): (.*?)(?= {2}|$)/g;
const NUMBERS = 17; // machine tiny has 16 frames

/* { Enter: "show", b: "back" }; empty if these are no keys. */
export function readKeys(text) {
    return Object.fromEntries([...text.matchAll(KEY)].map(([, key, effect]) =>
        [key.trim(), effect.trim()]));
}

export class Lesson {
    /* `parts`: elements by the names below. `type(text)` types to the machine. */
    constructor(parts, type, onToggle) {
        this.parts = parts;
        this.type = type;
        this.onToggle = onToggle;
        this.isOpen = false;
        this.lastLine = "";
        this.keys = "";
        parts.next.addEventListener("click", () => type("\r"));
        parts.back.addEventListener("click", () => type("b"));
        parts.end.addEventListener("click", () => type("q"));
    }

    close() {
        if (this.isOpen)
            this.onToggle(false);
        this.isOpen = false;
        this.parts.panel.hidden = true;
    }

    /* A line that the machine has written to its end. */
    takeLine(text) {
        const line = text.trim(); // keys that were wiped out leave blanks
        const [step, question] = this.lastLine ? [] : [STEP.exec(line), QUESTION.exec(line)];
        this.lastLine = line;
        if (step)
            this.beginStep(...step.slice(1));
        else if (question)
            this.beginQuestion(...question.slice(1));
        else if (this.isOpen)
            this.takePart(line);
    }

    takePart(line) {
        this.isReading &&= !line.startsWith(TYPED); // a command that prepares the step
        const choice = this.isReading && CHOICE.exec(line);
        const verdict = VERDICT.exec(line);
        if (END.test(line))
            this.close();
        else if (verdict)
            this.beginVerdict(...verdict.slice(1));
        else if (choice)
            this.offer(line, choice[1]);
        else if (this.isReading)
            this.parts.text.textContent += `${line} `;
        else if (line && !KEY_LINE.test(line))
            this.print(line);
    }

    /* The line that is being written. */
    look(text) {
        const line = text.trim();
        if (!this.isOpen || line === this.keys)
            return;
        this.keys = line;
        const keys = KEY_LINE.test(line) ? readKeys(line) : {};
        const isAsked = Object.values(keys).includes("answer");
        const effect = keys.Enter ?? keys["any key"];
        this.isReading &&= !effect && !isAsked;
        if (effect)
            this.parts.next.textContent = effect === "next" ? "Next" : `Next: ${effect}`;
        if (effect || isAsked)
            this.give(isAsked);
    }

    /* Either the choices can be pressed, or the key that leads on; the focus goes with them. */
    give(isAsked) {
        const { panel, next, choices } = this.parts;
        const hasFocus = panel.contains(document.activeElement)
            || document.activeElement === document.body;
        const isChange = next.disabled !== isAsked;
        next.disabled = isAsked;
        for (const button of choices.children)
            button.disabled = !isAsked;
        if (hasFocus && isChange)
            (isAsked ? choices.firstElementChild ?? next : next).focus({ preventScroll: true });
    }

    begin(progress, title) {
        const { panel, progress: place, title: heading, text, output, choices } = this.parts;
        const isNew = !this.isOpen;
        this.isOpen = this.isReading = true;
        this.keys = "";
        place.textContent = progress;
        heading.textContent = title;
        text.textContent = output.textContent = "";
        choices.replaceChildren();
        output.hidden = true;
        panel.hidden = false;
        if (isNew)
            this.onToggle(true);
    }

    beginStep(number, count, title) {
        const { back, next } = this.parts;
        back.hidden = false;
        back.disabled = number === "1";
        next.disabled = false;
        this.begin(`Step ${number} of ${count}`, title);
    }

    beginQuestion(number, count, topic, answer) {
        this.parts.back.hidden = true;
        this.begin(`Question ${number} of ${count}`, topic);
        for (let i = 0; answer === "number" && i < NUMBERS; i++)
            this.offer(String(i), `${i}\r`);
    }

    beginVerdict(score, count) {
        this.isReading = true;
        this.parts.text.textContent = "";
        this.parts.progress.textContent += `, ${score} of ${count} right`;
        this.parts.choices.replaceChildren();
    }

    offer(label, keys) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("click", () => this.type(keys));
        this.parts.choices.append(button);
    }

    /* What the commands print: its end, and no part of a line. */
    print(line) {
        const { output } = this.parts;
        output.hidden = false;
        output.append(`${line}\n`);
        output.style.paddingBottom = 0;
        const height = parseFloat(getComputedStyle(output).lineHeight);
        const above = output.scrollHeight - output.clientHeight;
        output.style.paddingBottom = `${(height - above % height) % height}px`;
        output.scrollTop = output.scrollHeight;
    }
}
