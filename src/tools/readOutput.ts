/** Pages through or searches what a call put out, all of it. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, sandboxLimit, shownOutputChars, type Tool } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { findRipgrep } from './ripgrepProcess.ts';
import { report } from './sandboxCall.ts';
import { maxMatches, searchStored, type Found } from './searchStored.ts';
import { measure, readPage, type Measure, type StoredText } from './storedText.ts';
import type { Workspace } from './workspace.ts';

/** A call of the run that has ended, and what is left of its output. */
export interface StoredCall {
  readonly callId: string;
  readonly tool: string;
  /** Bytes of what can be read. */
  readonly sizeBytes: number;
  /** Whether that is more than the model was shown. */
  readonly long: boolean;
  /** Bytes of its middle that were not stored. */
  readonly omittedBytes: number;
}

/** The outputs of a run's calls; `store/` keeps them, and the top of the house joins them. */
export interface Outputs {
  /** Oldest first. */
  readonly calls: () => readonly StoredCall[];
  /** Throws ToolError when it is damaged or gone. */
  readonly open: (callId: string) => Promise<StoredText>;
}

const defaultLines = 500;
const maxListed = 20;
const maxLineChars = 2_000;
const longLineBytes = 10_000;

const input = z.object({
  call: z.string().min(1).describe('The call whose output is read: its id as its result told it, such as 12-1.'),
  from: z
    .number()
    .int()
    .nullish()
    .describe('The first line, counted from 1; -100 begins 100 lines before the end. Default 1.'),
  lines: z.number().int().positive().nullish().describe('How many lines; as many as fit are shown.'),
  pattern: z
    .string()
    .min(1)
    .nullish()
    .describe('A regular expression (Rust): shows only lines that match, from there on, with the lines around them.'),
});

/** The tool `read_output`. */
export function readOutputTool(outputs: Outputs, workspace: Pick<Workspace, 'ripgrepPaths' | 'roots'>): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'read_output',
    description:
      'Read the whole output of an earlier call, where its result showed only a part of it or is no longer shown: page through it by line numbers, or search it with a regular expression.',
    input,
    effect: 'read',
    limit: sandboxLimit,
    run: async ({ call: given, from, lines, pattern }, { signal }) => {
      const call = known(given, outputs.calls());
      const text = await outputs.open(call.callId);
      try {
        const size = await measure(text);
        const start = firstLine(from ?? 1, size);
        const shown =
          typeof pattern === 'string'
            ? await search(
                await findRipgrep(workspace.ripgrepPaths, workspace.roots),
                text,
                { pattern, from: start, size },
                signal,
              )
            : await page(text, start, lines ?? defaultLines, size);
        return { content: report(heading(call, size), shown) };
      } finally {
        await text.close();
      }
    },
  });
}

function known(given: string, calls: readonly StoredCall[]): StoredCall {
  const id = given.trim();
  const call = calls.findLast(({ callId }) => callId === id);
  if (call) return call;
  const long = calls.filter((each) => each.long);
  if (long.length === 0) {
    throw new ToolError(`No call ${id} has ended in this run, and none has more output than its result shows.`);
  }
  const listed = long
    .slice(-maxListed)
    .map(({ callId, tool, sizeBytes }) => `${callId} (${tool}, ${formatBytes(sizeBytes)})`);
  const more = long.length > maxListed ? `, and ${long.length - maxListed} before them` : '';
  throw new ToolError(`No call ${id} has ended in this run. Calls with long output: ${listed.join(', ')}${more}.`);
}

function heading({ callId, tool, omittedBytes }: StoredCall, { lines, bytes }: Measure): string {
  const missing =
    omittedBytes > 0 ? `; ${formatBytes(omittedBytes)} of its middle were not stored, a line says where` : '';
  return `Output of call ${callId} (${tool}): ${countOf(lines, 'line')}, ${formatBytes(bytes)}${missing}.`;
}

/** Negative numbers count from the end. */
function firstLine(from: number, { lines }: Measure): number {
  if (from < 0) return Math.max(1, lines + from + 1);
  if (from > Math.max(1, lines)) throw new ToolError(`It has ${countOf(lines, 'line')}: there is no line ${from}.`);
  return Math.max(1, from);
}

async function page(text: StoredText, from: number, count: number, { lines: total }: Measure): Promise<string> {
  const most = { lines: count, chars: shownOutputChars, lineChars: maxLineChars };
  const { lines, next } = await readPage(text, from, most);
  if (lines.length === 0) return 'It is empty.';
  const last = from + lines.length - 1;
  const end = next === undefined ? 'That is its end.' : `Go on with from: ${next}.`;
  const numbered = lines.map((line, index) => `${from + index}\t${line}`);
  return [`Lines ${from} to ${last} of ${total}:`, ...numbered, end].join('\n');
}

async function search(
  ripgrep: string,
  text: StoredText,
  { pattern, from, size }: { readonly pattern: string; readonly from: number; readonly size: Measure },
  signal: AbortSignal,
): Promise<string> {
  const longLines = size.longestLineBytes > longLineBytes;
  const found = await searchStored(ripgrep, text, { pattern, from, chars: shownOutputChars, longLines }, signal);
  const behind = from > 1 ? ` from line ${from} on` : '';
  if (found.matches === 0) return `No line matches ${pattern}${behind}.`;
  const count = found.matches >= maxMatches ? `${maxMatches} lines or more match` : matching(found.matches);
  const next = found.next === undefined ? [] : [`More: the same with from: ${found.next}.`];
  return [`${count} ${pattern}${behind}:`, ...foundLines(found), ...next].join('\n');
}

function matching(count: number): string {
  return count === 1 ? '1 line matches' : `${count} lines match`;
}

/** Matches as read_file numbers lines; what stands around them has a minus. */
function foundLines({ lines }: Found): readonly string[] {
  return lines.flatMap(({ number, text, matched }, index) => {
    const before = lines[index - 1];
    const gap = before && number > before.number + 1 ? ['…'] : [];
    return [...gap, `${number}${matched ? '' : '-'}\t${text}`];
  });
}
