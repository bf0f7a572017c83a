// Holds a page against axe-core's rules: all of them, those of WCAG 2.2 and of good practice, too.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const RULES = { "target-size": { enabled: true } }; // it is off by itself

let source;

export function loadAxe(npmFolder) {
    source ??= createRequire(resolve(npmFolder, "node_modules/"))("axe-core").source;
}

/* What it finds within the selector, of a page or a frame. */
async function findViolations(page, selector) {
    await page.evaluate(`if (typeof axe === "undefined") { ${source} }`);
    return page.evaluate(async (part, rules) => {
        const { violations } = await axe.run(part, { rules, resultTypes: ["violations"] });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`));
    }, selector, RULES);
}

export async function checkAxe({ page }, selector) {
    const found = await findViolations(page, selector);
    assert.deepEqual(found.slice(0, 5), [], `${found.length} in ${selector}`);
}
