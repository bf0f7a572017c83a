// Puts ES modules into one, since a page from disk may import none. It understands what web/ writes
// and no more: `import { names } from "./file.mjs";`, `export` before what is declared, and no name
// that is declared twice.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const IMPORT = /^import \{[^}]*\} from "(\.[^"]*)";\n/gm;
const DECLARED = /^(?:async )?(?:class|function|const|let) (\w+)/gm;

function visit(path, seen, parts) {
    if (seen.has(path))
        return;
    seen.add(path);
    const text = readFileSync(path, "utf8");
    for (const [, file] of text.matchAll(IMPORT))
        visit(join(dirname(path), file), seen, parts);
    const joined = text.replace(IMPORT, "").replace(/^export /gm, "");
    if (/^(import|export)\b/m.test(joined))
        throw new Error(`${path}: this form of import or export is not understood`);
    parts.push(joined);
}

export function joinModules(entry) {
    const parts = [];
    visit(entry, new Set(), parts);
    const whole = parts.join("\n");
    const names = [...whole.matchAll(DECLARED)].map(([, name]) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice)
        throw new Error(`${entry}: ${twice} is declared in two modules`);
    return whole;
}
