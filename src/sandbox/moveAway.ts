/** Undoes what commands did to protected paths. Nothing is deleted. */
import { lstatSync, renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { isBareHead } from './bareRepository.ts';
import { toSystem, toText } from './bytePath.ts';
import { inFolder } from './folderHandle.ts';
import type { ProtectedPaths } from './protectedPaths.ts';

/**
 * Moves protected paths away that were not there before, next to where they stood, and puts links back. Gives back what
 * it did, in words for the model.
 */
export function moveAway(before: ProtectedPaths, after: ProtectedPaths): readonly string[] {
  const known = new Set([...before.values()].map(({ identity }) => identity));
  const notes: string[] = [];
  for (const [path, { identity, root, link }] of after) {
    const old = before.get(path);
    const untouched = old?.link === undefined ? old !== undefined : old.identity === identity;
    const movedAlong = old === undefined && link === undefined && known.has(identity);
    if (untouched || movedAlong) continue;
    const shown = toText(relative(root, path));
    const moved = attempt(() => moveOne(path));
    if (moved === undefined && !lstatSync(toSystem(path), { throwIfNoEntry: false })) continue;
    if (moved === undefined) notes.push(`${shown} was created, which is not allowed, and could not be moved away.`);
    else notes.push(`${whyOf(shown)} It was moved to ${toText(relative(root, moved))}.`);
  }
  for (const [path, { root, link }] of before) {
    if (link === undefined || after.get(path)?.link === link) continue;
    const restored = attempt(() =>
      inFolder(dirname(path), (folder) => {
        symlinkSync(toSystem(link), toSystem(`${folder}/${basename(path)}`));
        return true;
      }),
    );
    if (restored) notes.push(`${toText(relative(root, path))} is protected: it was restored.`);
  }
  return notes;
}

function whyOf(shown: string): string {
  if (!isBareHead(shown)) return `${shown} is protected: commands may not create or change it.`;
  return `${shown} makes its folder a git repository, which commands may not create.`;
}

/** Within its folder, never through a link. */
function moveOne(path: string): string {
  return inFolder(dirname(path), (folder) => {
    const free = freeName(folder, basename(path));
    renameSync(toSystem(`${folder}/${basename(path)}`), toSystem(`${folder}/${free}`));
    const moved = `${dirname(path)}/${free}`;
    // Under any name git takes such a folder for a repository, and its configuration for the person's.
    attempt(() => inFolder(moved, (inside) => renameSync(`${inside}/HEAD`, `${inside}/${freeName(inside, 'HEAD')}`)));
    return moved;
  });
}

function freeName(folder: string, name: string): string {
  for (let count = 1; ; count++) {
    const free = `${name}.blocked${count === 1 ? '' : `-${count}`}`;
    if (!lstatSync(toSystem(`${folder}/${free}`), { throwIfNoEntry: false })) return free;
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
