// Lets the kernel's arrow follow the reader's. A PS/2 mouse tells movements alone, and the kernel
// takes each as so many pixels and keeps its arrow on the screen. So the arrow is pushed into the
// upper left corner first; from there on its place is known.

const STEP_MAX = 200; // pixels a packet: it has nine bits, with the sign
const CORNER_MILLISECONDS = 60; // the kernel adds up what comes at once: the corner comes alone

export class Pointer {
    /* `isIdle()` tells whether the kernel looks at its mouse. */
    constructor(picture, canvas, isIdle) {
        this.picture = picture;
        this.canvas = canvas;
        this.isIdle = isIdle;
        this.isKnown = this.isClicked = false;
        this.x = this.y = 0;
        picture.addEventListener("pointerenter", () => { this.isKnown = false; });
        picture.addEventListener("pointermove", (event) => {
            if (event.pointerType !== "touch")
                this.follow(event);
        });
        picture.addEventListener("click", (event) => this.follow(event, true)); // a tap, too
        picture.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    }

    use(machine) {
        this.machine = machine;
        this.isKnown = this.isClicked = false;
    }

    push(dx, dy) {
        while (dx !== 0 || dy !== 0) {
            const x = Math.max(-STEP_MAX, Math.min(STEP_MAX, dx));
            const y = Math.max(-STEP_MAX, Math.min(STEP_MAX, dy));
            this.machine.moveMouse(x, y);
            dx -= x;
            dy -= y;
        }
    }

    follow(event, isClick = false) {
        const { width, height } = this.canvas;
        const box = this.canvas.getBoundingClientRect();
        if (!this.machine || box.width === 0)
            return;
        this.isClicked ||= isClick;
        this.wanted = {
            x: Math.max(0, Math.min(width - 1,
                Math.floor((event.clientX - box.left) * width / box.width))),
            y: Math.max(0, Math.min(height - 1,
                Math.floor((event.clientY - box.top) * height / box.height))),
        };
        const isLed = this.isKnown && this.size === width * height;
        this.picture.classList.toggle("led", isLed && this.isIdle()); // one arrow is enough
        if (isLed)
            this.goThere();
        else
            this.findCorner();
    }

    findCorner() {
        if (!this.isIdle())
            this.isClicked = false;
        if (this.isSearching || !this.isIdle())
            return;
        this.isSearching = true;
        this.size = this.canvas.width * this.canvas.height;
        this.push(-2 * this.canvas.width, -2 * this.canvas.height);
        setTimeout(() => {
            this.isSearching = false;
            this.isKnown = true;
            this.x = this.y = 0;
            this.goThere();
        }, CORNER_MILLISECONDS);
    }

    goThere() {
        this.push(this.wanted.x - this.x, this.wanted.y - this.y);
        ({ x: this.x, y: this.y } = this.wanted);
        if (this.isClicked)
            this.machine.clickMouse();
        this.isClicked = false;
    }

    /* Only a picture that has the keys has the wheel too: else the page could not be scrolled. */
    turn(event) {
        if (!event.currentTarget.contains(document.activeElement) || event.ctrlKey || !this.machine)
            return;
        event.preventDefault();
        this.machine.turnWheel(event.deltaY < 0);
    }
}
