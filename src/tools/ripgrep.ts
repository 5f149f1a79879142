/** ripgrep as a process: where it is, and its matches as data. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';

/** One line that matched; `column` is where in the text, in UTF-16 units. */
export interface Match {
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  /** Without its line end, at most `longestText` characters. */
  readonly text: string;
  readonly column: number;
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
/** A line of output beyond this is passed over: its text is no line that a person wrote. */
const longestOutput = 4_000_000;
const limitMs = 60_000;

/** The binary's name. */
const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';

/** The first ripgrep that is there: the candidates, PATH, the one beside the bundle, the package's. */
export async function findRipgrep(candidates: readonly string[]): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, binary));
  const bundled = [here, dirname(here)].map((folder) => join(folder, 'ripgrep', binary));
  for (const path of [...candidates, ...onPath, ...bundled, ...packaged()]) {
    const usable =
      isAbsolute(path) &&
      (await access(path, constants.X_OK).then(
        () => true,
        () => false,
      ));
    if (usable) return path;
  }
  throw new ToolError(
    'ripgrep is not installed, so files cannot be searched. Use list_files and read_file, and tell the person to install ripgrep or to set mirothinker.ripgrepPath.',
  );
}

function packaged(): readonly string[] {
  try {
    return [
      createRequire(import.meta.url).resolve(`@vscode/ripgrep-${process.platform}-${process.arch}/bin/${binary}`),
    ];
  } catch {
    return [];
  }
}

const textSchema = z.union([
  z.object({ text: z.string() }).transform(({ text }) => text),
  z.object({ bytes: z.base64() }).transform(({ bytes }) => Buffer.from(bytes, 'base64').toString('latin1')),
]);
const lineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('match'),
    data: z.object({
      path: textSchema,
      lines: textSchema,
      line_number: z.number().nullable(),
      submatches: z.array(z.object({ start: z.number() })),
    }),
  }),
  z.object({ type: z.literal('summary'), data: z.object({ stats: z.object({ searches: z.number() }) }) }),
  z.object({ type: z.enum(['begin', 'end', 'context']) }),
]);

/** Runs ripgrep in a folder, to its end or its limits; `paths` come after `--`. Kills it when the signal aborts. */
export async function ripgrep(
  binaryPath: string,
  args: readonly string[],
  { folder, paths }: { readonly folder: string; readonly paths: readonly string[] },
  signal: AbortSignal,
): Promise<RipgrepResult> {
  signal.throwIfAborted();
  const child = spawn(binaryPath, ['--no-config', '--json', ...args, '--', ...paths], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    if (complaint.length < longestText) complaint += piece;
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('close', (code) => resolve(code ?? 2));
    child.once('error', (error) =>
      reject(new ToolError(`ripgrep (${binaryPath}) cannot be started: ${error.message}`)),
    );
  });
  exited.catch(() => undefined);
  const matches: Match[] = [];
  let fileCount = 0;
  let chars = 0;
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(stop, limitMs);
  for await (const line of boundedLines(child.stdout)) {
    const parsed = lineSchema.safeParse(parsedJson(line));
    if (!parsed.success) continue;
    const message = parsed.data;
    if (message.type === 'summary') fileCount = message.data.stats.searches;
    if (message.type !== 'match') continue;
    if (matches.length >= maxMatches || chars >= maxMatchChars) {
      stop();
      continue;
    }
    const match = matchOf(message.data);
    matches.push(match);
    chars += match.text.length;
  }
  const exitCode = await exited.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
  signal.throwIfAborted();
  const cut = child.killed;
  if (cut) fileCount = Math.max(fileCount, new Set(matches.map((match) => match.path)).size);
  return { matches, fileCount, cut, complaint: complaint.trim(), exitCode: cut ? 0 : exitCode };
}

/** The lines of a stream but for those that are far too long. */
async function* boundedLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      if (size + end - from <= longestOutput) yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString();
      parts = [];
      size = 0;
      from = end + 1;
    }
    size += chunk.length - from;
    parts = size <= longestOutput ? [...parts, chunk.subarray(from)] : [];
  }
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type MatchData = Extract<z.infer<typeof lineSchema>, { type: 'match' }>['data'];

function matchOf({ path, lines, line_number: line, submatches }: MatchData): Match {
  const start = submatches[0]?.start ?? 0;
  const column = Buffer.from(lines).subarray(0, start).toString().length;
  const text = (lines.split(/\r?\n/, 1)[0] ?? '').replace(/\r$/, '');
  if (text.length <= longestText) return { path, line: line ?? 1, text, column };
  const from = Math.max(0, Math.min(column - longestText / 2, text.length - longestText));
  return { path, line: line ?? 1, text: text.slice(from, from + longestText), column: column - from };
}
