/** Which files are other than the index says: by their times and sizes, and by what is ignored. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type GitPlace, git } from './git.ts';
import { rulesBelow, rulesOf } from './ignoreRules.ts';
import { type ByteName, byteName, parts, shownName, zeroEnded } from './names.ts';

/** Names below `within` (all by default) that are changed, gone or new; folders of nested repositories are looked into. */
export async function changedNames(place: GitPlace, within: readonly ByteName[] = []): Promise<readonly ByteName[]> {
  const only = within.length > 0 ? ['--', ...within.map(shownName)] : [];
  const [changed, others] = await Promise.all([
    differingNames(place, only),
    rulesOf(place).then((rules) => otherNames(place, rules, only)),
  ]);
  return [...new Set([...changed, ...others])];
}

/** Names that the index has and whose files are other or gone. */
export async function differingNames(place: GitPlace, only: readonly string[] = []): Promise<readonly ByteName[]> {
  return parts(await git(place, ['diff-files', '--name-only', '-z', '--relative', ...only]));
}

/** Names that the index does not have and no rule ignores: those of a file, else those of the ignore files as they are. */
export async function otherNames(
  place: GitPlace,
  rules: string | undefined,
  only: readonly string[] = [],
): Promise<readonly ByteName[]> {
  const names = parts(await git(place, ['ls-files', '--others', '-z', ...excluding(rules), ...only]));
  const nested = names.filter((name) => name.endsWith('/'));
  const plain = names.filter((name) => !name.endsWith('/'));
  const inside = nested.length > 0 ? await namesInside(place, rules, nested) : [];
  return [...plain, ...(await unignored(place, rules, inside))];
}

/** Those of some names that no rule ignores; what the index has is never ignored. */
export async function notIgnored(place: GitPlace, names: readonly ByteName[]): Promise<readonly ByteName[]> {
  return unignored(place, await rulesOf(place), names);
}

async function unignored(
  place: GitPlace,
  rules: string | undefined,
  names: readonly ByteName[],
): Promise<readonly ByteName[]> {
  if (names.length === 0) return [];
  const options = { exitCodes: [0, 1], literal: false };
  const asking = ['check-ignore', '-z', '-v', '-n', '--stdin'];
  const ask = async (where: GitPlace, config: readonly string[], above: string) => {
    // A name that begins with ':' would be taken for a pattern.
    const input = zeroEnded(names.map((name) => `./${above}${name}`));
    return parts(await git(where, [...config, ...asking], { ...options, input }));
  };
  const said = rules === undefined ? await ask(place, [], '') : await inEmptyFolder(place, rules, ask);
  return names.filter((_, index) => said[4 * index] === '' || said[4 * index + 2]?.startsWith('!') === true);
}

/** Where no ignore file stands, only the rules count. */
async function inEmptyFolder<Result>(
  place: GitPlace,
  rules: string,
  act: (where: GitPlace, config: readonly string[], above: string) => Promise<Result>,
): Promise<Result> {
  const empty = `${place.index}.temporary-empty`;
  await mkdir(empty, { recursive: true });
  try {
    const below = nameBelow(place.workTree, place.folder);
    const where = { ...place, workTree: empty, folder: empty };
    return await act(where, ['-c', `core.excludesFile=${rules}`], below);
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

/** All files of nested repositories, as each of them ignores. */
async function namesInside(
  place: GitPlace,
  rules: string | undefined,
  folders: readonly ByteName[],
): Promise<readonly ByteName[]> {
  const names: ByteName[] = [];
  for (const above of folders) {
    const folder = join(place.folder, Buffer.from(above.slice(0, -1), 'latin1').toString('utf8'));
    // A folder whose name is no UTF-8 cannot be named to git.
    if (!Buffer.from(folder).toString('latin1').endsWith(above.slice(0, -1))) continue;
    const own = rules === undefined ? undefined : `${place.index}.temporary-rules-${folders.indexOf(above)}`;
    if (rules !== undefined && own !== undefined)
      await writeFile(own, await rulesBelow(rules, nameBelow(place.workTree, folder)), 'latin1');
    const inside = { ...place, workTree: folder, folder, index: join(place.gitDir, 'temporary-none') };
    const others = parts(await git(inside, ['ls-files', '--others', '-z', ...excluding(own)]));
    const deeper = others.filter((name) => name.endsWith('/'));
    names.push(...others.filter((name) => !name.endsWith('/')).map((name) => above + name));
    // Deeper ones are named from the same top, so that the rules fit.
    const further = deeper.map((name) => above + name);
    names.push(...(await namesInside({ ...place, index: `${place.index}-` }, rules, further)));
    if (own !== undefined) await rm(own, { force: true });
  }
  return names;
}

function excluding(rules: string | undefined): readonly string[] {
  return rules === undefined ? ['--exclude-standard'] : [`--exclude-from=${rules}`];
}

/** A folder's name in another, `''` or ending in '/'. */
function nameBelow(top: string, folder: string): ByteName {
  const inside = relative(top, folder);
  return inside === '' ? '' : `${byteName(inside.split(sep).join('/'))}/`;
}
