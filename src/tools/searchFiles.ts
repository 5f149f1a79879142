/** search_files: ripgrep over the workspace. */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { fileProblem } from './fileProblems.ts';
import { findRipgrep, ripgrep, type RipgrepResult } from './ripgrep.ts';
import { searchReport } from './searchReport.ts';
import type { Workspace } from './workspace.ts';

const description = `Searches the text of the workspace's files with a regular expression (ripgrep's syntax) and gives matching lines as "path:line: text". A pattern without capital letters ignores case. Alternatives (one|two|three) are ranked: places where the most and the rarest of them meet come first. Files that .gitignore names and binary files are passed over; naming such a file or folder as path searches it.`;

const input = z.object({
  pattern: z.string().min(1).describe('Regular expression; escape . ( [ { * + ? | with a backslash to mean themselves'),
  path: z.string().optional().describe('Folder or file to search; default: the whole workspace'),
  glob: z.string().optional().describe('Only files whose path matches, such as *.py or docs/**'),
});

/** Matches in files, ranked for a pattern with alternatives. */
export function searchFilesTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'search_files',
    description,
    input,
    effect: 'read',
    run: async ({ pattern, path, glob }, { signal }) => {
      const places = await searchedPlaces(workspace, path);
      const binary = await findRipgrep(workspace.ripgrepPaths);
      const search = async (more: readonly string[]) => {
        const args = [...baseArgs, ...globArgs(glob), ...more, `--regexp=${pattern}`];
        const results: RipgrepResult[] = [];
        for (const place of places) results.push(await ripgrep(binary, args, place, signal));
        return joined(results);
      };
      const multiline = /\n|\\n/.test(pattern) ? ['--multiline'] : [];
      const asRegex = await search(['--engine=auto', ...multiline]);
      const where = path ?? 'the workspace';
      if (!isRefusal(asRegex)) return { content: searchReport(workspace, pattern, asRegex, where) };
      const literal = await search(['--fixed-strings']);
      if (isRefusal(literal)) throw new ToolError(problem(literal));
      const note = `${problem(asRegex)}\nIt was searched for literally instead.`;
      return { content: `${note}\n${searchReport(workspace, undefined, literal, where)}` };
    },
  });
}

/** One run of ripgrep a root: globs count from the folder in which it runs. */
async function searchedPlaces(
  workspace: Workspace,
  path: string | undefined,
): Promise<readonly { readonly folder: string; readonly paths: readonly string[] }[]> {
  const everything = path === undefined || (workspace.roots.length > 1 && ['', '.', './'].includes(path));
  if (everything) return workspace.roots.map((root) => ({ folder: root.path, paths: [root.path] }));
  const { absolute, relative, root } = await workspace.resolve(path, 'read');
  const stats = await stat(absolute).catch((error: unknown) => {
    throw fileProblem(error, relative);
  });
  if (!stats.isFile() && !stats.isDirectory()) throw new ToolError(`${relative} is a device or a pipe, not a file.`);
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

/** Hidden files are searched, .git is not; ignore files count only inside the workspace, as in the editor's own search. */
const baseArgs = ['--smart-case', '--hidden', '--no-require-git', '--no-ignore-parent', '--no-ignore-global'];

/** A glob with folders in it counts at any depth, as people mean it; `.git` stays out whatever is asked for. */
function globArgs(glob: string | undefined): readonly string[] {
  if (glob === undefined || glob === '') return ['--glob=!.git'];
  const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(glob) ?? [];
  const anywhere =
    pattern.includes('/') && !/^(?:\*\*)?\//.test(pattern) ? `**/${pattern.replace(/^\.\//, '')}` : pattern;
  return [`--glob=${not}${anywhere}`, '--glob=!.git'];
}

/** Whether ripgrep did not search at all. Files that cannot be read are no such thing. */
function isRefusal({ exitCode, matches, fileCount, complaint }: RipgrepResult): boolean {
  return exitCode > 1 && matches.length === 0 && fileCount === 0 && complaint !== '';
}

function problem({ complaint }: RipgrepResult): string {
  return `ripgrep does not understand this search: ${complaint.slice(0, 1000)}`;
}
