// The serial line's other end. The kernel edits its line itself, and writes only printable
// characters, blanks, backspaces and line ends (kernel/lib/line.h), so a terminal needs no more.

const PROMPT = "ashlar> ";
const LINES_MAX = 1000;

export class Terminal {
    /* `past` takes the lines that are complete, `now` shows the one being written. */
    constructor(box, past, now) {
        this.box = box;
        this.past = past;
        this.now = now;
        this.onLine = () => {};
        this.onDraw = () => {}; // told the line that is being written
        this.waiting = []; // who waits for a prompt
        this.clear();
    }

    clear() {
        this.past.textContent = "";
        this.text = "";
        this.column = 0;
        this.finished = [];
        this.isTyping = false; // something was typed, even if the machine has not shown it yet
        this.waiting.splice(0).forEach((resolve) => resolve(false));
        this.drawLater();
    }

    put(byte) {
        if (byte === 10) {
            this.finished.push(this.text);
            this.onLine(this.text);
            this.text = "";
            this.column = 0;
        } else if (byte === 13) {
            this.column = 0;
        } else if (byte === 8) {
            this.column = Math.max(0, this.column - 1);
        } else if (byte >= 32) {
            this.text = this.text.slice(0, this.column).padEnd(this.column)
                + String.fromCharCode(byte) + this.text.slice(this.column + 1);
            this.column++;
        }
        this.isTyping &&= byte !== 10 && !this.isAtEmptyPrompt();
        if (this.isAtEmptyPrompt())
            this.waiting.splice(0).forEach((resolve) => resolve(true));
        this.drawLater();
    }

    isAtPrompt() {
        return this.text.startsWith(PROMPT);
    }

    /* The quiz or the tour says which keys there are, and waits for one. */
    isAtKeys() {
        return this.text.includes("q: end");
    }

    /* Nothing is typed behind the prompt. */
    isAtEmptyPrompt() {
        return this.text === PROMPT && this.column === PROMPT.length;
    }

    /* True once there is a fresh prompt, false if none comes in that time, or after clear(). */
    nextPrompt(milliseconds = Infinity) {
        return new Promise((resolve) => {
            this.waiting.push(resolve);
            if (milliseconds < Infinity)
                setTimeout(() => resolve(false), milliseconds);
        });
    }

    /* A line of the page's own, beside what the machine writes. */
    remark(text) {
        this.finished.push(this.text, text);
        this.text = "";
        this.column = 0;
        this.drawLater();
    }

    drawLater() {
        if (!this.isDue)
            requestAnimationFrame(() => this.draw());
        this.isDue = true;
    }

    draw() {
        this.isDue = false;
        const atEnd = this.box.scrollTop + this.box.clientHeight >= this.box.scrollHeight - 8;
        for (const text of this.finished.splice(0)) {
            const line = document.createElement("div");
            line.textContent = text || "\u00A0"; // an empty one has a height too
            this.past.append(line);
        }
        while (this.past.childElementCount > LINES_MAX)
            this.past.firstElementChild.remove();
        const cursor = document.createElement("span");
        cursor.className = "cursor";
        cursor.textContent = this.text[this.column] ?? " ";
        this.now.replaceChildren(this.text.slice(0, this.column), cursor,
            this.text.slice(this.column + 1));
        this.onDraw(this.text);
        if (atEnd)
            this.box.scrollTop = this.box.scrollHeight;
    }
}
