/** Matches of ripgrep as data. */
import { z } from 'zod';
import { fromDisk } from './pathNames.ts';
import { runRipgrep } from './ripgrepProcess.ts';

/** One line that matched, or stands near one; `column` is where in the text, in UTF-16 units. */
export interface Match {
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  /** Without its line end, at most `longestText` characters. */
  readonly text: string;
  readonly column: number;
  /** Whether it only stands near a line that matched. */
  readonly isContext: boolean;
  /** Where the line's bytes stand in the file, as far as ripgrep did not convert it from another encoding. */
  readonly bytes: { readonly offset: number; readonly length: number };
  /** Where in the line's bytes the match begins. */
  readonly start: number;
}

export interface RipgrepResult {
  readonly matches: readonly Match[];
  /** Files that were looked into; after a cut those with matches, at least. */
  readonly fileCount: number;
  /** Stopped at a limit of matches or of time. */
  readonly cut: boolean;
  /** What ripgrep said on stderr; empty when all went well. */
  readonly complaint: string;
  /** 0: matches, 1: none, 2: something went wrong. */
  readonly exitCode: number;
}

/** Matches kept in memory, and the characters of their lines. */
const maxMatches = 50_000;
const maxMatchChars = 20_000_000;
const longestText = 4_000;
const limitMs = 60_000;

const bytesSchema = z.union([
  z.object({ text: z.string() }).transform(({ text }) => Buffer.from(text)),
  z.object({ bytes: z.base64() }).transform(({ bytes }) => Buffer.from(bytes, 'base64')),
]);
const dataSchema = z.object({
  path: bytesSchema,
  lines: bytesSchema,
  line_number: z.number().nullable(),
  absolute_offset: z.number(),
  submatches: z.array(z.object({ start: z.number() })),
});
const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['match', 'context']), data: dataSchema }),
  z.object({ type: z.literal('summary'), data: z.object({ stats: z.object({ searches: z.number() }) }) }),
  z.object({ type: z.enum(['begin', 'end']) }),
]);

/** Runs ripgrep in a folder, to its end or its limits; `paths` come after `--`. Kills it when the signal aborts. */
export async function ripgrep(
  binaryPath: string,
  args: readonly string[],
  place: { readonly folder: string; readonly paths: readonly string[] },
  signal: AbortSignal,
): Promise<RipgrepResult> {
  const matches: Match[] = [];
  let fileCount = 0;
  let chars = 0;
  const take = (line: Buffer) => {
    const parsed = lineSchema.safeParse(parsedJson(line.toString()));
    if (!parsed.success) return true;
    const message = parsed.data;
    if (message.type === 'summary') fileCount = message.data.stats.searches;
    if (message.type !== 'match' && message.type !== 'context') return true;
    if (matches.length >= maxMatches || chars >= maxMatchChars) return false;
    const match = matchOf(message.data, message.type === 'context');
    matches.push(match);
    chars += match.text.length;
    return true;
  };
  const finished = await runRipgrep(binaryPath, ['--json', ...args], place, { end: 10, limitMs, take }, signal);
  if (finished.cut) fileCount = Math.max(fileCount, new Set(matches.map((match) => match.path)).size);
  return { matches, fileCount, ...finished };
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function matchOf(data: z.infer<typeof dataSchema>, isContext: boolean): Match {
  const { lines, line_number: line, absolute_offset: offset, submatches } = data;
  const start = submatches[0]?.start ?? 0;
  const place = { path: fromDisk(data.path), line: line ?? 1, isContext, start };
  return { ...place, bytes: { offset, length: lines.length }, ...lineText(lines, start) };
}

/** The text of a line's bytes and where in it the match begins, cut around that. */
export function lineText(bytes: Buffer, start: number): { readonly text: string; readonly column: number } {
  const whole = asText(bytes);
  const column = asText(bytes.subarray(0, start)).length;
  const text = (whole.split(/\r?\n/, 1)[0] ?? '').replace(/\r$/, '');
  if (text.length <= longestText) return { text, column };
  const from = Math.max(0, Math.min(column - longestText / 2, text.length - longestText));
  return { text: text.slice(from, from + longestText), column: column - from };
}

function asText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
