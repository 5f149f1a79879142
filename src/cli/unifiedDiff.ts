/** A change of a file as a unified diff, as patch(1) and git apply read it. */
import { isUtf8 } from 'node:buffer';
import { lineDiff, type DiffLine } from '../shared/lineDiff.ts';
import { shownPath } from '../shared/visibleText.ts';

/** Lines around a change. */
const around = 3;

/** The diff of one file; undefined bytes: it is not there. Ends with a newline; empty where nothing differs. */
export function unifiedDiff(path: string, before: Uint8Array | undefined, after: Uint8Array | undefined): string {
  const [old, now] = [textOf(before), textOf(after)];
  const heading = `--- ${before ? named(`a/${path}`) : '/dev/null'}\n+++ ${after ? named(`b/${path}`) : '/dev/null'}\n`;
  if (old === undefined || now === undefined) return `Binary files ${quoted(path)} differ\n`;
  const lines = lineDiff(whole(old), whole(now));
  const hunks = hunksOf(lines);
  return hunks.length === 0 ? '' : heading + hunks.join('');
}

/** A name that holds a space ends with a tab, so that no time is looked for in it. */
function named(path: string): string {
  const name = quoted(path);
  return name === path && path.includes(' ') ? `${name}\t` : name;
}

/** A name with characters that a terminal or a reader would take for others, as git quotes it: its bytes in octal. */
function quoted(path: string): string {
  if (shownPath(path) === path && !/["\\]/.test(path)) return path;
  const bytes = Array.from(Buffer.from(path), (byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') return `\\${char}`;
    return byte >= 0x20 && byte < 0x7f ? char : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${bytes.join('')}"`;
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return '';
  return isUtf8(bytes) && !bytes.includes(0) ? Buffer.from(bytes).toString('utf8') : undefined;
}

/** A last line that does not end is another line than one that does: it is marked with what no text holds. */
function whole(text: string): string {
  if (text === '') return '';
  if (text === '\n') return alone;
  return text.endsWith('\n') ? text.slice(0, -1) : `${text}${endless}`;
}

const endless = '\0';
/** The only line of a text, and empty: other than no line. */
const alone = '\0\0';
const noNewline = '\n\\ No newline at end of file';
const signs = { same: ' ', added: '+', removed: '-' } as const;

function hunksOf(lines: readonly DiffLine[]): readonly string[] {
  const hunks: string[] = [];
  for (let at = lines.findIndex(isChange); at >= 0;) {
    const from = Math.max(0, at - around);
    let last = at;
    for (let next = at; next < lines.length && next <= last + 2 * around; next++)
      if (isChange(lines[next])) last = next;
    const to = Math.min(lines.length, last + around + 1);
    hunks.push(hunk(lines, from, to));
    const rest = lines.slice(last + 1).findIndex(isChange);
    at = rest < 0 ? -1 : last + 1 + rest;
  }
  return hunks;
}

function isChange(line: DiffLine | undefined): boolean {
  return line !== undefined && line.kind !== 'same';
}

function hunk(lines: readonly DiffLine[], from: number, to: number): string {
  const part = lines.slice(from, to);
  const place = (without: DiffLine['kind']) => {
    const counts = ({ kind }: DiffLine) => kind !== without;
    const count = part.filter(counts).length;
    return `${lines.slice(0, from).filter(counts).length + (count > 0 ? 1 : 0)},${count}`;
  };
  const body = part.map(
    ({ kind, text }) => `${signs[kind]}${text === alone ? '' : text.replace(endless, noNewline)}\n`,
  );
  return `@@ -${place('added')} +${place('removed')} @@\n${body.join('')}`;
}
