/** What stands in the way of moving or deleting something with all that is below it, and what that is. */
import { lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ToolError } from '../agent/errors.ts';
import { isProtected } from '../agent/protectedPaths.ts';
import { walkTree } from './treeFiles.ts';
import type { HeldFolder } from './safeFiles.ts';
import { protectedWords, type Located, type Workspace } from './workspace.ts';

/** With more files than these nobody keeps a list. */
const maxListed = 1_000;

export interface Tree {
  readonly isFolder: boolean;
  /** Files and links; folders do not count. */
  readonly fileCount: number;
  /** From the tree's root ('' for a file itself); undefined where there are more than a thousand, or folders alone. */
  readonly files: readonly string[] | undefined;
  /** All entries: 0 for an empty folder. */
  readonly entryCount: number;
}

/**
 * Looks through a tree; `newPath`: where it would go, absolute. Throws ToolError where something in it is protected, at its
 * old place or the new one, or has unsaved changes in the editor.
 */
export async function lookThrough(
  workspace: Workspace,
  place: Located,
  held: { readonly folder: HeldFolder; readonly name: string },
  newPath: string | undefined,
  signal: AbortSignal,
): Promise<Tree> {
  const stats = await lstat(held.folder.at(held.name));
  await refuseUnsaved(workspace, place);
  if (!stats.isDirectory()) return { isFolder: false, fileCount: 1, files: [''], entryCount: 1 };
  const files: string[] = [];
  let [fileCount, entryCount] = [0, 0];
  const places = [place.absolute, ...(newPath === undefined ? [] : [newPath])];
  const visit = ({ inside, isFolder }: { readonly inside: string; readonly isFolder: boolean }) => {
    entryCount++;
    for (const base of places) {
      const path = join(base, inside);
      const root = workspace.roots.find((one) => path.startsWith(one.path + sep));
      if (root && keepsTree(relative(root.path, path))) {
        throw new ToolError(`${place.relative} holds ${workspace.show(path)}, which ${protectedWords}`);
      }
    }
    if (isFolder) return;
    fileCount++;
    if (files.length <= maxListed) files.push(inside);
  };
  await walkTree(held.folder, held.name, visit, signal);
  return { isFolder: true, fileCount, entryCount, files: files.length <= maxListed ? files : undefined };
}

/** Packages bring settings of other editors along, which nobody reads there: of node_modules only repositories count. */
function keepsTree(inside: string): boolean {
  if (!isProtected(inside)) return false;
  const packaged = /(?:^|\/)node_modules\/(.*)$/s.exec(inside)?.[1];
  return packaged === undefined || packaged.split('/').some((name) => name.startsWith('.') && isRepository(name));
}

/** Whether a name is `.git`, whatever a file system may take for it. */
function isRepository(name: string): boolean {
  return isProtected(name) && /^\.g/i.test(name.normalize('NFKC'));
}

/** What was not saved would be lost, or come back at the old place with the next save. */
export async function refuseUnsaved({ documents, show }: Workspace, { absolute }: Located): Promise<void> {
  const unsaved = (await documents.unsaved()).filter((path) => path === absolute || path.startsWith(absolute + sep));
  if (unsaved.length === 0) return;
  const some = unsaved.slice(0, 5).map(show).join(', ');
  throw new ToolError(
    `${some} ${unsaved.length === 1 ? 'has' : 'have'} unsaved changes in the editor. Ask the person to save or close first, or go on without this.`,
  );
}

/** The absolute paths of a tree's files; undefined where they are not listed or have names that are no text. */
export function touchedFiles(absolute: string, { files }: Tree): readonly string[] | undefined {
  const paths = files?.map((inside) => (inside === '' ? absolute : join(absolute, inside)));
  return paths?.some((path) => /[\uDC80-\uDCFF]/u.test(path)) === true ? undefined : paths;
}
