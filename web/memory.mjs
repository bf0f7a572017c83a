// How much memory the PC has, and which simulated machines fit into it. The build has tried each of
// them with each of the choices (tools/web/fits.mjs).

const MEGABYTES_DESKTOP = 512;
const MEGABYTES_PHONE = 128;

/* Guest memory costs nothing until it is written to, but a phone may refuse to promise much. */
function defaultMegabytes() {
    const isSmall = matchMedia("(max-width: 48rem), (pointer: coarse)").matches
        || (navigator.deviceMemory ?? 8) < 4;
    return isSmall ? MEGABYTES_PHONE : MEGABYTES_DESKTOP;
}

/* Of the machine that a button opens: 0 if it fits always, Infinity if never. */
function needOf(button) {
    return Number(button.dataset.needs ?? 0);
}

export class Memory {
    /* `select` holds the choices, in MiB; `reason` is where it is told what does not fit. */
    constructor(select, controls, reason) {
        this.select = select;
        this.reason = reason;
        this.buttons = [...controls.querySelectorAll('[data-command^="machine "]')];
    }

    get megabytes() {
        return Number(this.select.value);
    }

    choices() {
        return [...this.select.options].map(({ value }) => value);
    }

    machines() {
        return this.buttons.map((button) => this.nameOf(button));
    }

    nameOf(button) {
        return button.dataset.command.replace("machine ", "");
    }

    /*
     * Chooses what is wanted (0: what suits the device), more if a command opens a machine that
     * needs it, and the largest choice if there is not as much.
     */
    choose(wanted, commands) {
        const needs = this.buttons.filter(({ dataset }) => commands.includes(dataset.command))
            .map(needOf).filter(Number.isFinite);
        const least = Math.max(Math.min(wanted || defaultMegabytes(), MEGABYTES_DESKTOP), ...needs);
        this.select.value = this.choices().find((choice) => Number(choice) >= least);
    }

    /* Those that cannot fit, with the reason below them. */
    disableMachines() {
        const large = this.buttons.filter((button) => needOf(button) > this.megabytes);
        for (const button of this.buttons)
            button.disabled = large.includes(button);
        const reasons = large.map((button) => `${this.nameOf(button)} ${
            Number.isFinite(needOf(button)) ? `needs ${needOf(button)} MiB`
                : "needs more than this page can give"}`);
        this.reason.hidden = reasons.length === 0;
        this.reason.textContent = `With ${this.megabytes} MiB of memory these do not fit: `
            + `${reasons.join(", ")}.`;
    }
}
