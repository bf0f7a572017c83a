// Types commands one after the other, each when the one before it has been answered.

export class Player {
    /* `type(text)` types to the machine. */
    constructor(terminal, type) {
        this.terminal = terminal;
        this.type = type;
        this.forget();
    }

    /* Another machine. */
    forget() {
        this.ids = new Map(); // block ids: the text's to the machine's
        this.stop();
    }

    /* What is being played goes no further. */
    stop() {
        this.turn = {};
        this.taken = [];
        this.command = "";
    }

    /*
     * Plays steps { command, ids }: `ids` are those that the text shows for the blocks that the
     * command takes, in their order. Returns true if all were typed and answered.
     */
    async play(steps) {
        const turn = this.turn = {};
        for (const step of steps) {
            if (!this.terminal.isAtEmptyPrompt() && !await this.terminal.nextPrompt())
                return false;
            if (this.turn !== turn)
                return false;
            const answer = this.terminal.nextPrompt();
            this.command = this.translate(step.command);
            this.taken = [];
            this.type(`${this.command}\r`);
            if (!await answer || this.turn !== turn)
                return false;
            step.ids?.slice(0, this.taken.length).forEach((id, i) =>
                this.ids.set(id, this.taken[i]));
        }
        return true;
    }

    /* The machine has taken a block. */
    note(id) {
        this.taken.push(id);
    }

    /*
     * A text's machine may have no screen. Here the screen's buffer is a block too, so the blocks
     * of the text have other ids.
     */
    translate(command) {
        return command.replace(/\bfree (\d+)\b/g, (whole, id) =>
            (this.ids.has(id) ? `free ${this.ids.get(id)}` : whole));
    }
}
