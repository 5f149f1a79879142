/** ripgrep as a process: where it is, and its matches as data. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
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
  /** Files that were looked into. */
  readonly fileCount: number;
  /** Stopped at `maxMatches`. */
  readonly cut: boolean;
  /** What ripgrep said on stderr; empty when all went well. */
  readonly complaint: string;
  /** 0: matches, 1: none, 2: something went wrong. */
  readonly exitCode: number;
}

/** Matches kept in memory. */
const maxMatches = 100_000;
const longestText = 4_000;

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

/** Runs ripgrep to its end; `args` come before `--`, `paths` (absolute) after it. Kills it when the signal aborts. */
export async function ripgrep(
  path: string,
  args: readonly string[],
  paths: readonly string[],
  signal: AbortSignal,
): Promise<RipgrepResult> {
  signal.throwIfAborted();
  const child = spawn(path, ['--no-config', '--json', ...args, '--', ...paths], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    if (complaint.length < longestText) complaint += piece;
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 2));
  });
  exited.catch(() => undefined);
  const matches: Match[] = [];
  let fileCount = 0;
  let cut = false;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    if (!parsed.success) continue;
    const message = parsed.data;
    if (message.type === 'match') matches.push(matchOf(message.data));
    if (message.type === 'summary') fileCount = message.data.stats.searches;
    if (matches.length < maxMatches || cut) continue;
    cut = true;
    child.kill('SIGKILL');
  }
  const exitCode = await exited;
  signal.throwIfAborted();
  return { matches, fileCount, cut, complaint: complaint.trim(), exitCode: cut ? 0 : exitCode };
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
