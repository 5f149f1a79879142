/** Searches a call's whole output with ripgrep: in linear time, whatever the pattern. */
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ToolError } from '../agent/errors.ts';
import { fromLine, type StoredText } from './storedText.ts';

/** A line that matched, or stands beside one. */
export interface FoundLine {
  readonly number: number;
  readonly text: string;
  readonly matched: boolean;
}

export interface Found {
  /** In order; as many as fit. */
  readonly lines: readonly FoundLine[];
  /** Lines that match from there on, `maxMatches` where there are so many or more. */
  readonly matches: number;
  /** The first line that matches and is not among them. */
  readonly next?: number;
}

/** Where it is looked for, and how much is wanted. */
export interface Wanted {
  readonly pattern: string;
  readonly from: number;
  readonly chars: number;
  /** Whether lines are so long that only what stands around a match is shown. */
  readonly longLines: boolean;
}

/** Matching lines beyond this are not counted. */
export const maxMatches = 20_000;
const contextLines = 2;
const aroundChars = 300;
const maxColumns = 1_000;
const limitMs = 60_000;

/** Throws ToolError on a pattern that is none. */
export async function searchStored(
  binary: string,
  text: StoredText,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Found> {
  const { pattern, from, longLines } = wanted;
  const around = `.{0,${aroundChars}}`;
  const shown = longLines
    ? ['--only-matching', '-e', `${around}(?:${pattern})${around}`]
    : [`--context=${contextLines}`, `--max-columns=${maxColumns}`, '--max-columns-preview', '-e', pattern];
  const usual = ['--no-config', '--color=never', '--line-number', '--no-heading', '--text', '--context-separator='];
  const child = spawn(binary, [...usual, `--max-count=${maxMatches}`, ...shown, '-'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { LANG: 'C.UTF-8' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('close', (code) => resolve(code ?? 2));
    child.once('error', reject);
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    if (complaint.length < 2_000) complaint += piece;
  });
  // It reads no more once it has found enough.
  const fed = pipeline(Readable.from(fromLine(text, from)), child.stdin).catch(() => undefined);
  try {
    const found = await collect(child.stdout.setEncoding('utf8'), wanted);
    const exitCode = await exited;
    await fed;
    if (exitCode > 1) throw new ToolError(`The pattern cannot be used: ${complaint.trim()}`);
    return found;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) throw error;
    throw new ToolError(`The search did not end within ${limitMs / 1000} s: use a narrower pattern, or from.`);
  }
}

async function collect(output: AsyncIterable<string>, { from, chars }: Wanted): Promise<Found> {
  const lines: FoundLine[] = [];
  let size = 0;
  let next: number | undefined;
  const numbers = new Set<number>();
  for await (const line of textLines(output)) {
    const [, digits, mark, text = ''] = /^(\d+)([:-])([^]*)$/.exec(line) ?? [];
    if (digits === undefined) continue;
    const number = Number(digits) + from - 1;
    const matched = mark === ':';
    if (matched) numbers.add(number);
    size += text.length + 8;
    if (size <= chars || lines.length === 0) lines.push({ number, text, matched });
    else if (matched) next ??= number;
  }
  return { lines, matches: numbers.size, ...(next !== undefined && { next }) };
}

async function* textLines(output: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of output) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}
