/**
 * Files whose bytes are not those of their object in a person's repository, because git converts them on the way: line
 * ends, filters (LFS), keywords, encodings. Their objects cannot be borrowed.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';
import type { GitFolder, OpenedFolder } from './gitFolder.ts';
import { type IndexEntry, objectIdOf, statSize } from './indexFile.ts';
import { type ByteName, parts, placeOf, zeroEnded } from './names.ts';
import type { Repository } from './repository.ts';

/** Those of `entries` that are converted, or whose object is not there; `all` are all entries of the repository's index. */
export async function convertedNames(
  repository: Repository,
  all: readonly IndexEntry[],
  entries: readonly IndexEntry[],
  folder: OpenedFolder,
): Promise<ReadonlySet<ByteName>> {
  const { attributesFile, convertsLines } = folder.settings;
  const rules = await attributesOf(repository, all, attributesFile);
  const converted = new Set<ByteName>();
  if (convertsLines || /\b(text|eol|crlf)\b/.test(rules.join('\n'))) {
    for (const name of await otherSizes(repository, entries, folder)) converted.add(name);
  }
  if (/\b(filter|ident|working-tree-encoding)\b/.test(rules.join('\n'))) {
    for (const name of await filtered(repository, rules, entries, folder)) converted.add(name);
  }
  return converted;
}

/** The text of every file with attributes: the repository's own and the person's first, which have no place in the work tree. */
async function attributesOf(
  { top, commonDir }: Repository,
  all: readonly IndexEntry[],
  attributesFile: string,
): Promise<readonly string[]> {
  const inTree = all.map(({ name }) => name).filter((name) => /(^|\/)\.gitattributes$/.test(name));
  const places = [...new Set(['.gitattributes', ...inTree])].map((name) => placeOf(top, name));
  const own = [join(commonDir, 'info', 'attributes'), attributesFile];
  return Promise.all([...own, ...places].map((place) => readFile(place, 'utf8').catch(() => '')));
}

/** Conversion of line ends changes a file's size. */
async function otherSizes(
  { commonDir }: Repository,
  entries: readonly IndexEntry[],
  { place, hashBytes }: GitFolder,
): Promise<readonly ByteName[]> {
  const input = Buffer.from(entries.map((entry) => `${objectIdOf(entry, hashBytes)}\n`).join(''));
  const reading = { ...place, alternates: [join(commonDir, 'objects')] };
  const sizes = await git(reading, ['cat-file', '--batch-check=%(objectsize)', '--buffer'], { input });
  const lines = sizes.toString('latin1').split('\n');
  return entries.filter((entry, index) => Number(lines[index]) !== statSize(entry)).map(({ name }) => name);
}

/** Asked in an empty git folder with the same attributes, so that none of the repository's settings is read. */
async function filtered(
  { top }: Repository,
  [own = '', persons = '']: readonly string[],
  entries: readonly IndexEntry[],
  { path, place }: GitFolder,
): Promise<readonly ByteName[]> {
  const gitDir = join(path, 'temporary-attributes');
  for (const name of ['objects', 'refs', 'info']) await mkdir(join(gitDir, name), { recursive: true });
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(gitDir, 'info', 'attributes'), `${persons}\n${own}\n`);
  const asking = { ...place, gitDir, workTree: top, folder: top, index: join(gitDir, 'index') };
  const attributes = ['filter', 'ident', 'working-tree-encoding'];
  const input = zeroEnded(entries.map(({ name }) => name));
  const said = parts(await git(asking, ['check-attr', '-z', '--stdin', ...attributes], { input }));
  const found: ByteName[] = [];
  for (let at = 0; at + 2 < said.length; at += 3) {
    const value = said[at + 2];
    if (value !== 'unspecified' && value !== 'unset') found.push(said[at] ?? '');
  }
  return found;
}
