/**
 * What is ignored while a run lives: what was when it began. A command could hide what it makes behind an ignore file of its
 * own. All ignore files are written into one list, with their folders before their patterns, the deepest last: the last
 * pattern that fits decides.
 */
import { lstat, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPlace } from './git.ts';
import { type ByteName, placeOf } from './names.ts';

/** The name of an ignore file. */
export const ignoreFile = '.gitignore';

/** The list's name in a git folder. */
export const rulesFile = 'rules';

/** The list of a git folder; undefined while there is none: then ignore files count as they are. */
export async function rulesOf({ gitDir }: GitPlace): Promise<string | undefined> {
  return (await hasRules(gitDir)) ? join(gitDir, rulesFile) : undefined;
}

/** Whether there is one. */
export async function hasRules(gitFolder: string): Promise<boolean> {
  return (await lstat(join(gitFolder, rulesFile)).catch(() => undefined)) !== undefined;
}

/** Ignore files count again as they are. */
export async function removeRules(gitFolder: string): Promise<void> {
  await rm(join(gitFolder, rulesFile), { force: true });
}

/** Whether a name is an ignore file's. */
export function isIgnoreFile(name: ByteName): boolean {
  return name === ignoreFile || name.endsWith(`/${ignoreFile}`);
}

/** Those of a list's rules that are for a nested folder (`''` or ending in '/'), named from there. */
export async function rulesBelow(rules: string, folder: ByteName): Promise<string> {
  const above = `/${escaped(folder)}`;
  const lines = (await readFile(rules, 'latin1')).split('\n').flatMap((line) => {
    const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(line) ?? [];
    if (pattern.startsWith(above)) return [`${not}/${pattern.slice(above.length)}`];
    return pattern.startsWith('/') ? [] : [line];
  });
  return lines.join('\n');
}

/** An ignore file's patterns, named from the top. */
export async function rulesIn(top: string, file: ByteName): Promise<readonly string[]> {
  const place = placeOf(top, file);
  // git follows no link there.
  const stats = await lstat(place).catch(() => undefined);
  if (stats?.isFile() !== true) return [];
  const folder = escaped(file.slice(0, -ignoreFile.length));
  const text = await readFile(place, 'latin1').catch(() => '');
  const lines = text.replace(/^\xef\xbb\xbf/, '').split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, not = '', pattern = ''] = /^(!?)(.*)$/s.exec(line) ?? [];
    if (line.startsWith('#') || pattern.trim() === '' || pattern === '/') return [];
    const anchored = /^\/|\/(?=.*[^ /])/.test(pattern);
    return [`${not}/${folder}${anchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`];
  });
}

/** A name as a pattern. */
export function escaped(name: ByteName): string {
  return name.replace(/[\\*?[\] ]/g, '\\$&');
}
