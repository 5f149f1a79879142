/** Where the parts of a JSON text stand, so that one can be changed and the rest stays as it was written. Pure. */

/** From `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A member of an object: from its name's quotation mark on. */
export interface Member extends Span {
  readonly name: string;
  readonly value: Span;
}

/** The members of the object that begins at `at`; the text is valid JSON. */
export function membersOf(text: string, at: number): readonly Member[] {
  const members: Member[] = [];
  let start = blanksEnd(text, at + 1);
  while (text[start] === '"') {
    const nameEnd = stringEnd(text, start);
    const valueStart = blanksEnd(text, blanksEnd(text, nameEnd) + 1);
    const end = valueEnd(text, valueStart);
    const name: unknown = JSON.parse(text.slice(start, nameEnd));
    members.push({ start, end, name: String(name), value: { start: valueStart, end } });
    start = nextItem(text, end);
  }
  return members;
}

/** The elements of the array that begins at `at`; the text is valid JSON. */
export function elementsOf(text: string, at: number): readonly Span[] {
  const elements: Span[] = [];
  let start = blanksEnd(text, at + 1);
  while (start < text.length && text[start] !== ']') {
    const end = valueEnd(text, start);
    elements.push({ start, end });
    start = nextItem(text, end);
  }
  return elements;
}

/** The end of blanks. */
export function blanksEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && ' \t\r\n'.includes(text.charAt(end))) end++;
  return end;
}

function nextItem(text: string, end: number): number {
  const at = blanksEnd(text, end);
  return text[at] === ',' ? blanksEnd(text, at + 1) : at;
}

function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (depth === 0 && ',]} \t\r\n'.includes(char)) return at;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
