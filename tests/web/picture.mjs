// The pixels of the machine's screen, and questions about them. Colours are numbers, 0xRRGGBB.

import { gunzipSync } from "node:zlib";

export class Picture {
    /* `packed`: four bytes a pixel, R G B A, rows from the top; by gzip, in base 64. */
    constructor(width, height, packed) {
        this.width = width;
        this.height = height;
        this.rgba = gunzipSync(Buffer.from(packed, "base64"));
    }

    at(x, y) {
        return this.rgba.readUInt32BE((y * this.width + x) * 4) >>> 8;
    }

    equals(other) {
        return this.width === other.width && this.rgba.equals(other.rgba);
    }

    /* The part [left, right) x [top, bottom), as rows of colours. */
    region(left, top, right, bottom) {
        return Array.from({ length: bottom - top }, (_, y) =>
            Array.from({ length: right - left }, (__, x) => this.at(left + x, top + y)));
    }

    /*
     * The smallest rectangle that holds all in the part that have a colour and had another one
     * before, and how many there are: two owners may share a colour.
     */
    findNew(colour, before, left, top, right, bottom) {
        const box = { left: right, top: bottom, right: left, bottom: top, count: 0 };
        for (let y = top; y < bottom; y++) {
            for (let x = left; x < right; x++) {
                if (this.at(x, y) !== colour || before.at(x, y) === colour)
                    continue;
                box.left = Math.min(box.left, x);
                box.top = Math.min(box.top, y);
                box.right = Math.max(box.right, x + 1);
                box.bottom = Math.max(box.bottom, y + 1);
                box.count++;
            }
        }
        return box;
    }

    /* How often each colour is in the part. */
    colours(left, top, right, bottom) {
        const counts = new Map();
        for (const colour of this.region(left, top, right, bottom).flat())
            counts.set(colour, (counts.get(colour) ?? 0) + 1);
        return counts;
    }

    /* From x on in steps of `step`, the last place before `run` pixels of a colour in a row. */
    edge(x, y, step, colour, run) {
        let last = x;
        for (let count = 0; count < run && x >= 0 && x < this.width; x += step) {
            count = this.at(x, y) === colour ? count + 1 : 0;
            last = count === 0 ? x : last;
        }
        return last;
    }
}
