/** Why a command could not write, where protection was the reason: what programs say themselves is no more than an errno. */
import { relative } from 'node:path';
import { isProtected } from '../agent/protectedPaths.ts';
import type { WorkspaceAccess } from '../shared/runSettings.ts';
import { isWithin } from './environment.ts';

/** A command's end, as far as it tells; Python's is what both streams and the traceback say. */
export interface Said {
  readonly output: string;
  readonly exitCode: number | null;
  readonly command?: string;
}

/** Of a flood only the end is looked at, in characters; that is where programs say why they gave up. */
const lookedAt = 200_000;
const maxPaths = 3;
/** Writing below what is kept, and removing or renaming it. */
const refusal = /Read-only file system|Device or resource busy/;

const version =
  'Version control is protected: commands can read it (git status, diff, log, show) but not change it, so git commands that write (add, commit, checkout, stash, fetch, config and others) fail. Leave that to the person, and say what they should do.';
const readOnly = 'The workspace is read-only in this run. Commands can write below ~ and /tmp.';

/** Sentences for the model; none where something else was the reason. */
export function protectionNotes(
  { output, exitCode, command = '' }: Said,
  { roots, workspace }: { readonly roots: readonly string[]; readonly workspace: WorkspaceAccess },
): readonly string[] {
  const lines = output.slice(-lookedAt).split('\n');
  // What comes last may be content with what git was not.
  const failed = /^\s*(?:fatal|error|warning): |^\S+: (?:line \d+: |cannot )/;
  const refused = lines.filter((line) => refusal.test(line) && (exitCode !== 0 || failed.test(line)));
  const inside = refused.flatMap(pathsIn).flatMap((path) => {
    if (!path.startsWith('/')) return [path];
    const root = roots.find((folder) => isWithin(path, folder));
    return root === undefined ? [] : [relative(root, path)];
  });
  if (workspace === 'read-only') return inside.length > 0 || stashes(command, output, exitCode) ? [readOnly] : [];
  const found = [...new Set(inside.filter((path) => isProtected(path)))];
  const ofGit = found.filter((path) => /(?:^|\/)\.git(?:\/|$)/i.test(path));
  const others = found.filter((path) => !ofGit.includes(path)).slice(0, maxPaths);
  return [
    ...(ofGit.length > 0 || stashes(command, output, exitCode) ? [version] : []),
    ...others.map((path) => `${path} is protected: commands may not create, change or remove it. Only the person can.`),
  ];
}

/** `git stash` ends with 1 and says nothing. */
function stashes(command: string, output: string, exitCode: number | null): boolean {
  return exitCode === 1 && output.trim() === '' && /\bgit\s(?:.*\s)?stash\b/.test(command);
}

/** What a line names: in quotes, before the reason, or behind it. */
function pathsIn(line: string): readonly string[] {
  const quoted = [...line.matchAll(/['"‘]([^'"’]+)['"’]/g)].map((match) => match[1]);
  const bare = /(\S+): (?:Read-only file system|Device or resource busy)/.exec(line)?.[1];
  return [...quoted, bare].flatMap((path) =>
    path === undefined ? [] : [path.replace(/^\.\//, '').replace(/\/+$/, '')],
  );
}
