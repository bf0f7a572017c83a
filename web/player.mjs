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
        this.command = "";
    }

    /*
     * Plays steps { command, id }: `id` is the id that the text shows for the block that the
     * command takes. Returns true if all were typed and answered.
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
            this.taken = null;
            this.type(`${this.command}\r`);
            if (!await answer || this.turn !== turn)
                return false;
            if (step.id && this.taken)
                this.ids.set(step.id, this.taken);
        }
        return true;
    }

    /* The machine has taken a block. */
    note(id) {
        this.taken = id;
    }

    /*
     * A text's machine may have no screen. Here the screen's buffer is a block too, so the blocks
     * of the text have other ids.
     */
    translate(command) {
        return command.replace(/^(free) (\d+)$/, (whole, verb, id) =>
            (this.ids.has(id) ? `${verb} ${this.ids.get(id)}` : whole));
    }
}
