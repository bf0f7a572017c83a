// A PC in v86 with the kernel in it: started, typed to, thrown away. Knows nothing of the page but
// the element that holds the picture. v86 loads the kernel by multiboot itself: there is no BIOS.

const VIDEO_MEMORY_BYTES = 8 << 20;
const REBOOT = "REBOOT";
const HALT = "HALT"; // what v86 throws when a guest ends itself by port 0xF4

export class Machine {
    /*
     * `emulator`: a WebAssembly.Module; `kernel`: the file's bytes. `events` has onByte(byte),
     * onStopped(), onOff(), onReboot() and onCrash(error).
     */
    constructor({ container, emulator, kernel, memoryBytes, options, events }) {
        this.events = events;
        this.isOver = false;
        this.pc = new V86({
            wasm_fn: async (imports) => (await WebAssembly.instantiate(emulator, imports)).exports,
            memory_size: memoryBytes,
            vga_memory_size: VIDEO_MEMORY_BYTES,
            screen_container: container,
            multiboot: { buffer: kernel.slice().buffer },
            cmdline: options,
            autostart: true,
            disable_mouse: true, // pointer.mjs knows better where the picture is
            disable_speaker: true,
        });
        this.pc.add_listener("serial0-output-byte", (byte) => this.isOver || events.onByte(byte));
        this.pc.add_listener("cpu-event-halt", () => this.isOver || events.onStopped());
        this.pc.add_listener("emulator-loaded", () => this.prepare());
        this.onError = (event) => this.takeError(event);
        window.addEventListener("error", this.onError);
    }

    /* A reset would begin in a BIOS. There is none: the machine is built anew instead. */
    prepare() {
        this.pc.v86.cpu.reboot_internal = () => { throw REBOOT; };
        this.pc.keyboard_set_enabled(false);
    }

    /* What v86 throws while it runs comes here, and it never runs again. */
    takeError(event) {
        if (this.isOver || event.error === undefined || event.error === null)
            return;
        event.preventDefault();
        this.isOver = true;
        if (event.error === REBOOT)
            this.events.onReboot();
        else if (event.error === HALT)
            this.events.onOff();
        else
            this.events.onCrash(event.error);
    }

    type(text) {
        if (!this.isOver)
            this.pc.serial0_send(text);
    }

    /* Whether keys go to the PC's own keyboard. */
    listen(isListening) {
        if (!this.isOver)
            this.pc.keyboard_set_enabled(isListening);
    }

    /* How the mouse moved: pixels to the right and down. */
    moveMouse(dx, dy) {
        if (!this.isOver)
            this.pc.bus.send("mouse-delta", [dx, -dy]);
    }

    /* The left button, pressed and let go. */
    clickMouse() {
        for (const isDown of [true, false])
            if (!this.isOver)
                this.pc.bus.send("mouse-click", [isDown, false, false]);
    }

    turnWheel(isAway) {
        if (!this.isOver)
            this.pc.bus.send("mouse-wheel", [isAway ? 1 : -1, 0]);
    }

    async destroy() {
        if (this.isOver)
            this.pc.cpu_is_running = false; // else destroy() waits for a stop that never comes
        this.isOver = true;
        window.removeEventListener("error", this.onError);
        await this.pc.destroy();
    }
}
