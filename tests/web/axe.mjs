// Holds a page against axe-core's rules: all of them, those of WCAG 2.2 and of good practice, too.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const RULES = { "target-size": { enabled: true } }; // it is off by itself

let source;

export function loadAxe(npmFolder) {
    source ??= createRequire(resolve(npmFolder, "node_modules/"))("axe-core").source;
}

/* What it finds in a page's parts, which are { include, exclude } of selectors. */
async function findViolations(page, parts) {
    await page.evaluate(`if (typeof axe === "undefined") { ${source} }`);
    return page.evaluate(async (context, rules) => {
        const { violations } = await axe.run(context, { rules, resultTypes: ["violations"] });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`));
    }, parts, RULES);
}

export async function checkAxe({ page }, include, exclude = []) {
    const found = await findViolations(page, { include: [include], exclude });
    assert.deepEqual(found.slice(0, 5), [], `${found.length} in ${include}`);
}

/* All of the page but the texts, which take longest and have a test of their own. */
export function checkAxeOfPage(guest) {
    return checkAxe(guest, "body", ["article"]);
}
