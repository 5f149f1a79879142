/** Settles what is ignored for the rest of a run. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { otherNames } from './changedNames.ts';
import { type GitPlace, git } from './git.ts';
import type { OpenedFolder } from './gitFolder.ts';
import { escaped, ignoreFile, rulesIn } from './ignoreRules.ts';
import { type ByteName, foldersAbove, parts } from './names.ts';

/** Writes the list as ignore files are now; comes behind the first look at all files, whose index names ignore files. */
export async function settleRules(folder: OpenedFolder): Promise<void> {
  const { place, path, prefix, settings } = folder;
  const listed = parts(await git(place, ['ls-files', '-z', '--', `:(glob)**/${ignoreFile}`], { literal: false }));
  const above = prefix === '' ? [] : ['', ...foldersAbove(prefix).map((name) => `${name}/`)];
  const files = new Set([...above.map((name) => name + ignoreFile), ...listed.map((name) => prefix + name)]);
  const general = await Promise.all(
    [settings.excludesFile, join(path, 'info', 'exclude')].map((file) => readFile(file, 'latin1').catch(() => '')),
  );
  const next = join(path, 'rules.next');
  for (;;) {
    const rules = await Promise.all([...files].toSorted(byDepth).map((file) => rulesIn(place.workTree, file)));
    const lines = [...general, ...rules.flat()];
    await writeFile(next, `${lines.join('\n')}\n`, { encoding: 'latin1', mode: 0o600 });
    const hidden = await nowHidden(place, next);
    // An ignore file that ignores itself is no file of the index.
    const found = hidden.map((name) => prefix + name).filter((name) => isIgnoreFile(name) && !files.has(name));
    for (const name of found) files.add(name);
    if (found.length > 0) continue;
    const rest = hidden.map((name) => `/${escaped(prefix + name)}`);
    await writeFile(next, `${[...lines, ...rest].join('\n')}\n`, { encoding: 'latin1', mode: 0o600 });
    await rename(next, join(path, 'rules'));
    return;
  }
}

/** Names that ignore files hide and the list does not. */
async function nowHidden(place: GitPlace, rules: string): Promise<readonly ByteName[]> {
  const ours = await otherNames(place, rules);
  if (ours.length === 0) return [];
  const theirs = new Set(await otherNames(place, undefined));
  return ours.filter((name) => !theirs.has(name));
}

function isIgnoreFile(name: ByteName): boolean {
  return name === ignoreFile || name.endsWith(`/${ignoreFile}`);
}

function byDepth(a: ByteName, b: ByteName): number {
  return a.split('/').length - b.split('/').length;
}
