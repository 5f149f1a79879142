/** Settles what is ignored for the rest of a run. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { otherNames } from './changedNames.ts';
import { codeOf } from './errorCode.ts';
import { git } from './git.ts';
import type { OpenedFolder } from './gitFolder.ts';
import { escaped, ignoreFile, isIgnoreFile, rulesFile, rulesIn } from './ignoreRules.ts';
import { type ByteName, foldersAbove, parts } from './names.ts';

/** The list that does not count yet; what is left of it is removed when the folder is opened. */
const nextRules = `${rulesFile}.next`;

/**
 * Makes the list as ignore files are now, for `adoptRules`; git goes on with the ignore files until then. `listed`: those that
 * the index has, named from its top. `shown` gives the names that the index does not have and no ignore file hides.
 */
export async function settleRules(
  { place, path, prefix, settings }: OpenedFolder,
  listed: readonly ByteName[],
  shown: () => Promise<readonly ByteName[]>,
): Promise<void> {
  const above = prefix === '' ? [] : ['', ...foldersAbove(prefix).map((name) => `${name}/`)];
  const files = new Set([...above.map((name) => name + ignoreFile), ...listed]);
  const general = await Promise.all(
    [settings.excludesFile, join(path, 'info', 'exclude')].map((file) => readFile(file, 'latin1').catch(() => '')),
  );
  const next = join(path, nextRules);
  for (;;) {
    const rules = await Promise.all([...files].toSorted(byDepth).map((file) => rulesIn(place.workTree, file)));
    const lines = [...general, ...rules.flat()];
    await writeFile(next, `${lines.join('\n')}\n`, { encoding: 'latin1', mode: 0o600 });
    const [ours, theirs] = await Promise.all([otherNames(place, next), shown()]);
    const seen = new Set(theirs);
    // What ignore files hide and the list does not.
    const hidden = ours.filter((name) => !seen.has(name));
    // Of those that are not in the index, some ignore themselves.
    const found = [...theirs, ...hidden].filter(isIgnoreFile).map((name) => prefix + name);
    const fresh = found.filter((name) => !files.has(name));
    for (const name of fresh) files.add(name);
    if (fresh.length > 0) continue;
    const rest = hidden.map((name) => `/${escaped(prefix + name)}`);
    await writeFile(next, `${[...lines, ...rest].join('\n')}\n`, { encoding: 'latin1', mode: 0o600 });
    return;
  }
}

/** From now on the list counts, where one was made. */
export async function adoptRules(gitFolder: string): Promise<void> {
  await rename(join(gitFolder, nextRules), join(gitFolder, rulesFile)).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

/** The ignore files that an index has, named from its top. */
export async function listedIgnoreFiles({ place, prefix }: OpenedFolder): Promise<readonly ByteName[]> {
  const pattern = `:(glob)**/${ignoreFile}`;
  const names = parts(await git(place, ['ls-files', '-z', '--', pattern], { literal: false }));
  return names.map((name) => prefix + name);
}

function byDepth(a: ByteName, b: ByteName): number {
  return a.split('/').length - b.split('/').length;
}
