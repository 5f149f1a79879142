/** search_files: ripgrep over the workspace. */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool, type ToolOutput } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { matchSources } from './fileSource.ts';
import { onDisk } from './pathNames.ts';
import { ripgrep, type RipgrepResult } from './ripgrep.ts';
import { findRipgrep, ignoreArgs } from './ripgrepProcess.ts';
import { openForReading } from './safeFiles.ts';
import { searchReport } from './searchReport.ts';
import { unverified } from './verifiedMatches.ts';
import type { Workspace } from './workspace.ts';

/** Of a file that is named: in one, holes and all, ripgrep goes on to the end. */
const maxFileBytes = 4_000_000_000;

const description = `Searches the text of the workspace's files with a regular expression (ripgrep's syntax) and gives matching lines as "path:line: text". A pattern without capital letters ignores case. Alternatives (one|two|three) are ranked: places where the most and the rarest of them meet come first. Files that .gitignore names and binary files are passed over; naming such a file or folder as path searches it. Changes that are not saved in the editor are not searched.`;

const input = z.object({
  pattern: z.string().min(1).describe('Regular expression; escape . ( [ { * + ? | with a backslash to mean themselves'),
  path: z.string().optional().describe('Folder or file to search; default: the whole workspace'),
  glob: z.string().optional().describe('Only files whose path matches, such as *.py or docs/**'),
  context: z
    .number()
    .int()
    .min(0)
    .max(20)
    .optional()
    .describe('Lines to show before and after each match, as "path-line- text"; default 0'),
});

/** Matches in files, ranked for a pattern with alternatives. */
export function searchFilesTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'search_files',
    description,
    input,
    effect: 'read',
    run: async ({ pattern, path, glob, context = 0 }, { signal }) => {
      const places = await searchedPlaces(workspace, path);
      const binary = await findRipgrep(workspace.ripgrepPaths, workspace.roots);
      const search = async (more: readonly string[]) => {
        const results: RipgrepResult[] = [];
        for (const { folder, paths } of places) {
          const minded = await ignoreArgs(folder, paths[0]);
          const args = ['--smart-case', ...globArgs(glob), ...minded, ...more, `--regexp=${pattern}`];
          results.push(await ripgrep(binary, args, { folder, paths }, signal));
        }
        return joined(results);
      };
      const around = context > 0 ? [`--context=${context}`] : [];
      const multiline = /\n|\\n/.test(pattern) ? ['--multiline'] : [];
      const asRegex = await search(['--engine=auto', ...multiline, ...around]);
      const where = path ?? 'the workspace';
      if (!isRefusal(asRegex)) return verifiedReport(workspace, pattern, asRegex, { where }, signal);
      const literal = await search(['--fixed-strings', ...around]);
      if (isRefusal(literal)) throw new ToolError(problem(literal));
      const note = `${problem(asRegex)}\nIt was searched for literally instead.\n`;
      return verifiedReport(workspace, undefined, literal, { where, note }, signal);
    },
  });
}

/** The report of what really stands in the workspace; what does not is left out, and so are the words for it. */
async function verifiedReport(
  workspace: Workspace,
  pattern: string | undefined,
  result: RipgrepResult,
  said: { readonly where: string; readonly note?: string },
  signal: AbortSignal,
): Promise<ToolOutput> {
  const { where, note = '' } = said;
  const { text, shown } = searchReport(workspace, pattern, result, where);
  const wrong = await unverified(shown, signal);
  if (wrong.size > 0) {
    const files = new Set(Array.from(wrong, (match) => match.path));
    const matches = result.matches.filter((match) => !files.has(match.path));
    return verifiedReport(workspace, pattern, { ...result, matches, complaint: '' }, said, signal);
  }
  const paths = new Set(shown.map((match) => match.path));
  const packed = await packedDocuments(paths);
  if (packed.size > 0) {
    const matches = result.matches.filter((match) => !packed.has(match.path));
    const remark = note.includes(packedWords) ? note : `${note}${packedWords}\n`;
    return verifiedReport(workspace, pattern, { ...result, matches }, { where, note: remark }, signal);
  }
  const unsaved = (await workspace.documents.unsaved()).filter((path) => paths.has(path));
  const report = `${note}${text}`;
  const sources = matchSources(report, shown, workspace.show);
  if (unsaved.length === 0) return { content: report, sources };
  const names = unsaved.slice(0, 5).map(workspace.show).join(', ');
  const content = `${report}\n\nUnsaved changes in the editor were not searched: ${names}. read_file shows them.`;
  return { content, sources };
}

const packedWords =
  'PDF and Office files were left out: their bytes are not their text. Use search_workspace or read_document for them.';

/** Those that begin as a PDF or a zip archive does. */
async function packedDocuments(paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const packed = new Set<string>();
  for (const path of paths) {
    const handle = await openForReading(path, path).catch(() => undefined);
    if (!handle) continue;
    const head = Buffer.alloc(5);
    try {
      await handle.read(head, 0, 5, 0);
    } finally {
      await handle.close();
    }
    if (/^(?:%PDF-|PK\x03\x04)/.test(head.toString('latin1'))) packed.add(path);
  }
  return packed;
}

/** One run of ripgrep a root: globs count from the folder in which it runs. */
async function searchedPlaces(
  workspace: Workspace,
  path: string | undefined,
): Promise<readonly { readonly folder: string; readonly paths: readonly [string] }[]> {
  const everything = path === undefined || (workspace.roots.length > 1 && ['', '.', './'].includes(path));
  if (everything) return workspace.roots.map((root) => ({ folder: root.path, paths: [root.path] }));
  const { absolute, relative, root } = await workspace.resolve(path, 'read');
  if (typeof onDisk(absolute) !== 'string') {
    throw new ToolError(`${relative} has bytes in its name that are no text. Search the folder above it, with glob.`);
  }
  const stats = await stat(absolute).catch((error: unknown) => {
    throw fileProblem(error, relative);
  });
  if (!stats.isFile() && !stats.isDirectory()) throw new ToolError(`${relative} is a device or a pipe, not a file.`);
  if (stats.isFile() && stats.size > maxFileBytes) {
    throw new ToolError(`${relative} is too large to search (${formatBytes(stats.size)}). Search it with a command.`);
  }
  return [{ folder: root.path, paths: [absolute] }];
}

function joined(results: readonly RipgrepResult[]): RipgrepResult {
  return {
    matches: results.flatMap((result) => result.matches),
    fileCount: results.reduce((sum, result) => sum + result.fileCount, 0),
    cut: results.some((result) => result.cut),
    complaint: [...new Set(results.map((result) => result.complaint).filter(Boolean))].join('\n'),
    exitCode: Math.max(...results.map((result) => result.exitCode)),
  };
}

/** A glob with folders in it counts at any depth, as people mean it; `.git` stays out whatever is asked for: that glob comes after. */
export function globArgs(glob: string | undefined): readonly string[] {
  if (glob === undefined || glob === '') return [];
  const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(glob) ?? [];
  const anywhere =
    pattern.includes('/') && !/^(?:\*\*)?\//.test(pattern) ? `**/${pattern.replace(/^\.\//, '')}` : pattern;
  return [`--glob=${not}${anywhere}`];
}

/** Whether ripgrep did not search at all. Files that cannot be read are no such thing. */
function isRefusal({ exitCode, matches, fileCount, complaint }: RipgrepResult): boolean {
  return exitCode > 1 && matches.length === 0 && fileCount === 0 && complaint !== '';
}

function problem({ complaint }: RipgrepResult): string {
  return `ripgrep does not understand this search: ${complaint.slice(0, 1000)}`;
}
