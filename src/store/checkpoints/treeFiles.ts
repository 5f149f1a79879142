/** The files of a tree. */
import { type GitPlace, git } from './git.ts';
import { type ByteName, parts } from './names.ts';
import type { TreeFile } from './treeChanges.ts';

/** A file with its name. */
export type NamedTreeFile = TreeFile & { readonly name: ByteName };

/** One file of a tree; undefined when it is not in it. */
export async function treeFile(place: GitPlace, tree: string, name: ByteName): Promise<NamedTreeFile | undefined> {
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) return undefined;
  const text = Buffer.from(name, 'latin1').toString('utf8');
  // A name that is no UTF-8 cannot be an argument: then it is looked for among all.
  const only = Buffer.from(text).toString('latin1') === name ? ['--', text] : [];
  const lines = parts(await git(place, ['ls-tree', '-r', '-z', '--full-tree', tree, ...only]));
  for (const line of lines) {
    const tab = line.indexOf('\t');
    const [mode = '', , objectId = ''] = line.slice(0, tab).split(' ');
    if (line.slice(tab + 1) === name) return { name, mode, objectId };
  }
  return undefined;
}
