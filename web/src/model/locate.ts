/** Where in the text of a JSON file the value of a path stands. Pure. */

/** A path such as `$.zones[0].rows[2]`, as its steps. */
function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, name, index] of path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
  }
  return steps;
}

/** The line, counted from 1, on which a path's value begins; of what is missing, its parent's. */
export function lineOf(text: string, path: string): number {
  let at = spaceAfter(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  for (const step of stepsOf(path)) {
    const next = typeof step === 'number' ? item(text, at, step) : member(text, at, step);
    if (next === null) break;
    at = next;
  }
  let line = 1;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) {
    line += 1;
  }
  return line;
}

/** The start of a list's item. */
function item(text: string, list: number, index: number): number | null {
  if (text[list] !== '[') return null;
  let at = spaceAfter(text, list + 1);
  for (let passed = 0; passed < index; passed += 1) {
    at = spaceAfter(text, endOf(text, at));
    if (text[at] !== ',') return null;
    at = spaceAfter(text, at + 1);
  }
  return text[at] === ']' || at >= text.length ? null : at;
}

/** The start of the value of an object's member. */
function member(text: string, object: number, name: string): number | null {
  if (text[object] !== '{') return null;
  let at = spaceAfter(text, object + 1);
  while (text[at] === '"') {
    const end = endOf(text, at);
    const value = spaceAfter(text, spaceAfter(text, end) + 1);
    if (nameIn(text.slice(at, end)) === name) return value;
    at = spaceAfter(text, endOf(text, value));
    if (text[at] === ',') at = spaceAfter(text, at + 1);
  }
  return null;
}

function nameIn(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

/** Just after the value that begins somewhere. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '"':
        at = closing(text, at);
        break;
      case '{':
      case '[':
        depth += 1;
        continue;
      case '}':
      case ']':
        depth -= 1;
        break;
      default:
        // A number or a word goes on to what parts it from the next.
        if (depth > 0 || !/[,\]}\s]/.test(text[at + 1] ?? ',')) continue;
    }
    if (depth === 0) return at + 1;
    if (depth < 0) return at;
  }
  return text.length;
}

/** The quote that ends a text. */
function closing(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function spaceAfter(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
