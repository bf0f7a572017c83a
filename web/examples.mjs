// The examples in the texts. The examples of a text that follow each other are one dialogue with
// one machine. Wherever the reader begins, the machine is brought to the state that the text shows
// there: it is started anew, and all that comes before is typed, but without its explanations.

/* Of the example: { command, ids } each, see player.mjs. */
function stepsOf(example) {
    return JSON.parse(example.dataset.steps);
}

export class Examples {
    /* `restart(setting)` starts a machine { memory, options }, and is true once it is there. */
    constructor(box, player, restart, onPlay) {
        this.box = box;
        this.player = player;
        this.restart = restart;
        this.onPlay = onPlay;
        this.forget();
        box.addEventListener("click", (event) => this.press(event));
    }

    /* The machine is no longer in the state of an example. */
    forget() {
        this.session = "";
        this.done = 0;
    }

    press(event) {
        const example = event.target.closest("[data-steps]");
        if (!example)
            return;
        const buttons = [...example.querySelectorAll(".try")];
        const index = buttons.indexOf(event.target.closest(".try"));
        if (event.target.closest(".run-example"))
            this.run(example, 0, stepsOf(example).length);
        else if (index >= 0)
            this.run(example, index, index + 1);
    }

    /* Runs the steps [start, end) of an example in their own state. */
    async run(example, start, end) {
        const { session } = example.dataset;
        const earlier = this.stepsBefore(example);
        const steps = [...earlier, ...stepsOf(example)];
        const isTyped = ({ command }) => !/^step\b/.test(command); // the reader would be waited for
        const first = earlier.length + start;
        this.onPlay(example);
        if (this.session !== session || this.done !== first) {
            this.forget();
            const told = { command: "step show" };
            const before = first > 0 ? [...steps.slice(0, first).filter(isTyped), told] : [];
            if (!await this.restart({ ...example.dataset, isTold: first === 0, steps })
                || !await this.player.play(before))
                return;
        }
        const last = earlier.length + end;
        this.session = session;
        this.done = last;
        if (!await this.player.play(steps.slice(first, last)) && this.session === session)
            this.forget();
    }

    /* Of the examples that the text has before it, on the same machine. */
    stepsBefore(example) {
        const all = [...this.box.querySelectorAll(`[data-session="${example.dataset.session}"]`)];
        return all.slice(0, all.indexOf(example)).flatMap(stepsOf);
    }
}
