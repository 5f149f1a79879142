/** One root's files while a run lives: what is kept of them, and what has become other since. */
import { lstat } from 'node:fs/promises';
import type { SkippedFile } from '../../shared/refs.ts';
import { changedNames, notIgnored } from './changedNames.ts';
import { type KeepLimits, budgetReason, classify } from './classify.ts';
import { type GitPlace, git } from './git.ts';
import { type Keeping, keepNames, writeTree } from './keepNames.ts';
import type { Kept } from './kept.ts';
import { type ByteName, parts, placeOf, shownName } from './names.ts';
import { nameInRoot } from './realName.ts';
import { type TreeChange, treeChanges } from './treeChanges.ts';

/** What is other between two states of a root. */
export interface Step {
  readonly changes: readonly TreeChange[];
  readonly skipped: readonly SkippedFile[];
}

/** Takes all files that changed into the index. */
export async function keepAll(keeping: Keeping, before: Kept, limits: KeepLimits): Promise<Kept> {
  return keepChanged(keeping, await changedNames(keeping.place), before, limits);
}

/** Takes all files that changed, and are known, into the index. */
export async function keepChanged(
  keeping: Keeping,
  changed: readonly ByteName[],
  before: Kept,
  limits: KeepLimits,
): Promise<Kept> {
  const reason = budgetReason(limits);
  // What was too much at once stays out until a call touches it: it is not what a call changed.
  const out = new Set(changed.filter((name) => before.unheld.get(name) === reason));
  const names = changed.filter((name) => !out.has(name));
  return keep(keeping, names, new Map([...out].map((name) => [name, reason])), limits);
}

/** Takes these files alone into the index, ignored or not. */
export async function keepNamed(
  keeping: Keeping,
  before: Kept,
  names: readonly ByteName[],
  limits: KeepLimits,
): Promise<Kept> {
  return names.length === 0 ? before : keep(keeping, names, before.unheld, limits);
}

async function keep(
  keeping: Keeping,
  names: readonly ByteName[],
  unheldBefore: ReadonlyMap<ByteName, string>,
  limits: KeepLimits,
): Promise<Kept> {
  const classified = await classify(keeping.folder.root, names, limits);
  const unread = await keepNames(keeping, classified);
  const unheld = new Map(unheldBefore);
  for (const name of [...classified.present, ...classified.gone]) unheld.delete(name);
  for (const [name, reason] of classified.unheld) unheld.set(name, reason);
  for (const name of unread) unheld.set(name, 'it could not be read');
  return { tree: await writeTree(keeping), unheld };
}

/** The names that touched paths stand for (a folder for all that changed in it), and those that git ignores. */
export async function touchedNames(
  { folder, place }: Keeping,
  paths: readonly string[],
): Promise<{ readonly names: readonly ByteName[]; readonly ignored: readonly ByteName[] }> {
  const files: ByteName[] = [];
  const folders: ByteName[] = [];
  const absent = new Set<ByteName>();
  for (const path of paths) {
    const name = await nameInRoot(folder.root, path);
    if (name === undefined) continue;
    const stats = await lstat(placeOf(folder.root, name)).catch(() => undefined);
    if (!stats) absent.add(name);
    (stats?.isDirectory() === true ? folders : files).push(name);
  }
  const [kept, before, below] = await Promise.all([
    notIgnored(place, files),
    // Where a folder was moved or removed, all that was in it is touched.
    files.length > 0 ? git(place, ['ls-files', '-z', '--', ...files.map(shownName)]).then(parts) : [],
    folders.length > 0 ? changedNames(place, folders) : [],
  ]);
  const ignored = files.filter((name) => !kept.includes(name) && !absent.has(name));
  return { names: [...new Set([...kept, ...before, ...below])], ignored };
}

/** What is other, as it is told; a file that was there before but not held is no new one. */
export async function stepBetween(place: GitPlace, before: Kept, now: Kept): Promise<Step> {
  const fresh = [...now.unheld].filter(([name, reason]) => before.unheld.get(name) !== reason);
  const skipped = fresh.map(([name, reason]) => ({ path: shownName(name), reason }));
  const all = await treeChanges(place, before.tree, now.tree, true);
  const changes = all
    .filter(({ name, change }) => change !== 'deleted' || !now.unheld.has(name))
    .map(({ added, removed, ...change }): TreeChange => {
      if (before.unheld.has(change.name) && change.change === 'added') return { ...change, change: 'modified' };
      return { ...change, ...(added !== undefined && { added }), ...(removed !== undefined && { removed }) };
    });
  return { changes, skipped };
}
