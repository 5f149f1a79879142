/** Which files are other than the index says: by their times and sizes, and by what git does not ignore. */
import { join } from 'node:path';
import { type GitPlace, git } from './git.ts';
import { type ByteName, parts, shownName, zeroEnded } from './names.ts';

/** Names below `within` (all by default) that are changed, gone or new; folders of nested repositories are looked into. */
export async function changedNames(place: GitPlace, within: readonly ByteName[] = []): Promise<readonly ByteName[]> {
  const only = within.length > 0 ? ['--', ...within.map(shownName)] : [];
  const [changed, others] = await Promise.all([
    git(place, ['diff-files', '--name-only', '-z', '--relative', ...only]),
    git(place, ['ls-files', '--others', '-z', '--exclude-standard', ...only]),
  ]);
  const names = parts(others);
  const nested = names.filter((name) => name.endsWith('/'));
  const plain = names.filter((name) => !name.endsWith('/'));
  const inNested = nested.length > 0 ? await notIgnored(place, await namesInside(place, nested)) : [];
  return [...new Set([...parts(changed), ...plain, ...inNested])];
}

/** Those of some names that no rule ignores; what the index has is never ignored. */
export async function notIgnored(place: GitPlace, names: readonly ByteName[]): Promise<readonly ByteName[]> {
  if (names.length === 0) return [];
  // A name that begins with ':' would be taken for a pattern.
  const input = zeroEnded(names.map((name) => `./${name}`));
  const options = { input, exitCodes: [0, 1], literal: false };
  const said = parts(await git(place, ['check-ignore', '-z', '-v', '-n', '--stdin'], options));
  return names.filter((_, index) => said[4 * index] === '' || said[4 * index + 2]?.startsWith('!') === true);
}

/** All files of nested repositories, as each of them ignores. */
async function namesInside(place: GitPlace, folders: readonly ByteName[]): Promise<readonly ByteName[]> {
  const names: ByteName[] = [];
  for (const above of folders) {
    const folder = join(place.folder, Buffer.from(above.slice(0, -1), 'latin1').toString('utf8'));
    const inside = { ...place, workTree: folder, folder, index: join(place.gitDir, 'temporary-none') };
    // A folder whose name is no UTF-8 cannot be named to git.
    if (!Buffer.from(folder).toString('latin1').endsWith(above.slice(0, -1))) continue;
    const others = parts(await git(inside, ['ls-files', '--others', '-z', '--exclude-standard']));
    const deeper = others.filter((name) => name.endsWith('/'));
    names.push(...others.filter((name) => !name.endsWith('/')).map((name) => above + name));
    names.push(...(await namesInside(inside, deeper)).map((name) => above + name));
  }
  return names;
}
