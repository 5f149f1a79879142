/** For a passage that is not in a file as given: where it nearly is, and what differs. */

/** Lines of the passage that are compared. */
const maxLines = 200;
/** Lines of the file shown. */
const shownLines = 12;

/** What to tell the model about a passage that does not occur; one or more sentences. */
export function nearMiss(text: string, wanted: string): string {
  const lines = text.split(/\r?\n/);
  const sought = wanted.replace(/\r/g, '').split('\n').slice(0, maxLines);
  const unnumbered = sought.map((line) => line.replace(/^\s*\d+\t/, ''));
  if (unnumbered.join('\n') !== sought.join('\n') && text.includes(unnumbered.join('\n'))) {
    return 'Leave out the line numbers and the tabs after them: they are not in the file.';
  }
  const spaced = placeOf(lines, sought, squeezed);
  if (spaced !== undefined) return `Only white space differs from ${excerpt(lines, spaced, sought.length)}`;
  const plain = placeOf(lines, sought, (line) => plainMarks(squeezed(line)));
  if (plain !== undefined) {
    return `Only quotation marks, dashes or accents are other characters in ${excerpt(lines, plain, sought.length)}`;
  }
  const cased = placeOf(lines, sought, (line) => squeezed(line).toLowerCase());
  if (cased !== undefined) return `Only capitals differ from ${excerpt(lines, cased, sought.length)}`;
  const like = mostAlike(lines, sought);
  if (like !== undefined) return `The nearest place is ${excerpt(lines, like, sought.length)}`;
  return 'Nothing in the file resembles it. Read the file again before you edit it.';
}

const squeezed = (line: string) => line.replace(/\s+/g, ' ').trim();

/** Typographic marks as a keyboard has them; accents written one way. */
function plainMarks(line: string): string {
  const straight = line.replace(/[\u2018\u2019\u201a\u201b`\u00b4]/g, "'").replace(/[\u201c-\u201f\u00ab\u00bb]/g, '"');
  return straight
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('\u2026', '...')
    .normalize('NFC');
}

/** The index of the first line from which all lines agree after `as`. */
function placeOf(
  lines: readonly string[],
  sought: readonly string[],
  as: (line: string) => string,
): number | undefined {
  const part = trimmed(sought.map(as));
  const whole = lines.map(as);
  if (part.length === 0) return undefined;
  const at = whole.findIndex((line, index) => {
    const [first = ''] = part;
    const starts = part.length === 1 ? line.includes(first) : line.endsWith(first);
    return starts && part.every((want, offset) => matches(whole[index + offset], want, offset, part.length));
  });
  return at < 0 ? undefined : at;
}

function matches(line: string | undefined, want: string, offset: number, count: number): boolean {
  if (line === undefined) return false;
  if (count === 1) return line.includes(want);
  if (offset === 0) return line.endsWith(want);
  return offset === count - 1 ? line.startsWith(want) : line === want;
}

function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line !== '');
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1);
}

/** The place at which the most of the wanted lines stand, if at least a third do; for one line, the most words. */
function mostAlike(lines: readonly string[], sought: readonly string[]): number | undefined {
  const wanted = trimmed(sought.map(squeezed));
  const known = new Set(wanted.filter((line) => line.length > 3));
  const words = new Set(wanted.flatMap((line) => line.match(/\w+/g) ?? []));
  if (words.size === 0) return undefined;
  const scores = lines.map((line) => {
    const own = squeezed(line).match(/\w+/g) ?? [];
    const shared = own.length === 0 ? 0 : own.filter((word) => words.has(word)).length / own.length;
    return known.has(squeezed(line)) ? 2 : shared > 0.5 ? shared : 0;
  });
  let sum = 0;
  let best = { at: 0, score: 0 };
  for (const [index, score] of scores.entries()) {
    sum += score - (scores[index - wanted.length] ?? 0);
    if (sum > best.score + 1e-9) best = { at: Math.max(0, index - wanted.length + 1), score: sum };
  }
  if (best.score < 0.6 * Math.min(wanted.length, 2)) return undefined;
  const first = scores.findIndex((score, index) => index >= best.at && score > 0);
  return Math.max(best.at, first);
}

function excerpt(lines: readonly string[], at: number, count: number): string {
  const last = Math.min(lines.length, at + Math.min(count, shownLines));
  const shown = lines.slice(at, last).map((line, index) => `${at + index + 1}\t${line.slice(0, 400)}`);
  return `line ${at + 1}, which has:\n${shown.join('\n')}`;
}
