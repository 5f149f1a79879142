/** Folders that git takes for a repository without a `.git` around them; it would read their configuration. */
import { basename } from 'node:path';

/** The HEAD among a folder's names, when they are a repository's (git's setup.c, is_git_directory). */
export function bareLayout(names: readonly string[]): string | undefined {
  const head = names.find((name) => name.length === 4 && name.toLowerCase() === 'head');
  if (head === undefined) return undefined;
  const all = new Set(names.map((name) => name.toLowerCase()));
  return all.has('commondir') || (all.has('objects') && all.has('refs')) ? head : undefined;
}

/** Whether a protected path is such a HEAD: without it the folder is one like any other. */
export function isBareHead(path: string): boolean {
  return basename(path).toLowerCase() === 'head';
}
