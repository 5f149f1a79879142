/** search_files: ripgrep over the workspace. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
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
      const places = path === undefined ? undefined : [await workspace.resolve(path, 'read')];
      const paths = places?.map(({ absolute }) => absolute) ?? workspace.roots.map((root) => root.path);
      const binary = await findRipgrep(workspace.ripgrepPaths);
      const search = (more: readonly string[]) =>
        ripgrep(binary, [...baseArgs, ...globArgs(glob), ...more, `--regexp=${pattern}`], paths, signal);
      const multiline = /\n|\\n/.test(pattern) ? ['--multiline'] : [];
      const asRegex = await search(['--engine=auto', ...multiline]);
      const badRegex = asRegex.exitCode === 2 && asRegex.matches.length === 0 && !isFileComplaint(asRegex);
      if (!badRegex) return { content: searchReport(workspace, pattern, asRegex, path ?? 'the workspace') };
      const literal = await search(['--fixed-strings']);
      if (literal.exitCode === 2 && literal.matches.length === 0) throw new ToolError(regexProblem(asRegex));
      const note = `${regexProblem(asRegex)}\nIt was searched for literally instead.`;
      return { content: `${note}\n${searchReport(workspace, undefined, literal, path ?? 'the workspace')}` };
    },
  });
}

/** Hidden files are searched, .git is not; ignore files count only inside the workspace, as in the editor's own search. */
const baseArgs = [
  '--smart-case',
  '--hidden',
  '--no-require-git',
  '--no-ignore-parent',
  '--no-ignore-global',
  '--glob=!.git',
];

function globArgs(glob: string | undefined): readonly string[] {
  return glob === undefined || glob === '' ? [] : [`--glob=${glob}`];
}

function isFileComplaint({ complaint }: RipgrepResult): boolean {
  return !/regex|glob|PCRE2|pattern/i.test(complaint);
}

function regexProblem({ complaint }: RipgrepResult): string {
  return `ripgrep does not understand this search: ${complaint.slice(0, 1000)}`;
}
