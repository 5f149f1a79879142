/** The git folder that a run has of its own for one root, and what is settled once about it. */
import { mkdir, readFile, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { KeepLimits } from './classify.ts';
import { git, type GitPlace } from './git.ts';
import type { HashBytes } from './indexFile.ts';
import { removeLeftovers } from './leftovers.ts';
import { zeroEnded } from './names.ts';
import { type PersonsSettings, type Repository, hashBytesOf, repositoryAround, settingsIn } from './repository.ts';

const settledSchema = z.object({
  /** The folder that names in the index are relative to: the top of the person's repository, else the root. */
  top: z.string(),
  hashBytes: z.union([z.literal(20), z.literal(32)]),
  /** Object folders of others that are needed until everything is copied. */
  borrowed: z.array(z.string()).readonly(),
  limits: z.object({ maxFileBytes: z.number(), maxBytes: z.number() }),
});
type Settled = z.infer<typeof settledSchema>;

/** One root's git folder. */
export interface GitFolder {
  readonly path: string;
  /** The root, without links. */
  readonly root: string;
  /** The root below the top, `''` or ending in '/': what names in the index begin with. */
  readonly prefix: string;
  readonly hashBytes: HashBytes;
  /** Those of the run that writes it. */
  readonly limits: KeepLimits;
  /** Its objects. */
  readonly objects: string;
  /** Where git works. Nothing is borrowed for what is written, so that the folder comes to hold all of it. */
  readonly place: GitPlace;
  /** The same with what is borrowed, for reading. */
  readonly readPlace: () => Promise<GitPlace>;
  /** Sets what is borrowed. */
  readonly borrow: (folders: readonly string[]) => Promise<void>;
}

/** The person's repository around a root whose files are not ignored by it. */
export interface OpenedFolder extends GitFolder {
  readonly repository: Repository | undefined;
  readonly settings: PersonsSettings;
  /** Whether an index is there from before. */
  readonly hasIndex: boolean;
}

/** Where the git folder of a root is. */
export function gitFolderPath(runsFolder: string, runId: string, rootIndex: number): string {
  return join(runsFolder, runId, 'checkpoints', `${rootIndex}.git`);
}

/** Makes the folder, or opens the one that is there; its writer is alone with it. Throws GitFailure and what the disk says. */
export async function openGitFolder(
  path: string,
  rootPath: string,
  runsFolder: string,
  limits: KeepLimits,
): Promise<OpenedFolder> {
  const root = await realpath(rootPath);
  for (const folder of ['objects/info', 'objects/pack', 'refs', 'info', 'kept'])
    await mkdir(join(path, folder), { recursive: true, mode: 0o700 });
  await removeLeftovers(path);
  const [around, settings, before] = await Promise.all([repositoryAround(root), settingsIn(root), readSettled(path)]);
  const hashBytes = before?.hashBytes ?? (around ? await hashBytesOf(around) : 20);
  await writeFile(join(path, 'HEAD'), 'ref: refs/heads/none\n');
  await writeConfiguration(path, root, around, settings, hashBytes, runsFolder);
  const wide = folderOf(path, root, { top: around?.top ?? root, hashBytes, borrowed: [], limits });
  const ignored = around !== undefined && around.top !== root && (await isIgnored(wide));
  const repository = ignored ? undefined : around;
  if (ignored) await writeConfiguration(path, root, undefined, settings, hashBytes, runsFolder);
  const top = repository?.top ?? root;
  // An index of other names is of no use.
  if (before && before.top !== top) await rm(join(path, 'index'), { force: true });
  const settled = { top, hashBytes, borrowed: before?.borrowed ?? [], limits };
  await writeSettled(path, settled);
  const hasIndex = before?.top === top && (await readdir(path)).includes('index');
  return { ...folderOf(path, root, settled), repository, settings, hasIndex };
}

/** The folder of a run that nobody needs to write; undefined when it is not there. */
export async function existingGitFolder(path: string, rootPath: string): Promise<GitFolder | undefined> {
  const settled = await readSettled(path);
  return settled && folderOf(path, await realpath(rootPath), settled);
}

function folderOf(path: string, root: string, settled: Settled): GitFolder {
  const { top, hashBytes, limits } = settled;
  const inside = relative(top, root).split(sep).join('/');
  const place = { gitDir: path, workTree: top, folder: root, index: join(path, 'index'), alternates: [] };
  return {
    path,
    root,
    prefix: inside === '' ? '' : `${Buffer.from(inside).toString('latin1')}/`,
    hashBytes,
    limits,
    objects: join(path, 'objects'),
    place,
    readPlace: async () => ({ ...place, alternates: (await readSettled(path))?.borrowed ?? [] }),
    borrow: (borrowed) => writeSettled(path, { ...settled, borrowed }),
  };
}

/**
 * Bytes are kept as they are, whatever a workspace's .gitattributes say: info/attributes comes before them. Filters,
 * text conversion and hooks need settings that are not here.
 */
async function writeConfiguration(
  path: string,
  root: string,
  repository: Repository | undefined,
  { excludesFile, fileSystem }: PersonsSettings,
  hashBytes: HashBytes,
  runsFolder: string,
): Promise<void> {
  const known = Object.entries(fileSystem).filter(([, value]) => value === 'true' || value === 'false');
  const lines = [
    '[core]',
    `repositoryformatversion = ${hashBytes === 32 ? 1 : 0}`,
    'bare = false',
    ...known.map(([key, value]) => `${key} = ${value ?? ''}`),
    `excludesFile = ${JSON.stringify(excludesFile)}`,
    'attributesFile = /dev/null',
    'hooksPath = /dev/null',
    'fsmonitor = false',
    'untrackedCache = false',
    'splitIndex = false',
    'autocrlf = false',
    'safecrlf = false',
    'quotePath = false',
    'protectNTFS = false',
    'protectHFS = false',
    'logAllRefUpdates = false',
    'looseCompression = 1',
    'compression = 1',
    '[pack]',
    'compression = 1',
    'threads = 1',
    '[index]',
    'version = 2',
    'threads = true',
    '[gc]',
    'auto = 0',
    '[maintenance]',
    'auto = false',
    ...(hashBytes === 32 ? ['[extensions]', 'objectFormat = sha256'] : []),
  ];
  await writeFile(join(path, 'config'), `${lines.join('\n')}\n`, { mode: 0o600 });
  await writeFile(join(path, 'info', 'attributes'), '* -text -eol -filter -ident -working-tree-encoding !diff\n');
  const excludes = repository && (await readFile(join(repository.commonDir, 'info', 'exclude')).catch(() => undefined));
  const own = runsBelow(repository?.top ?? root, runsFolder);
  await writeFile(join(path, 'info', 'exclude'), Buffer.concat([excludes ?? Buffer.alloc(0), Buffer.from(own)]));
}

/** Runs that are kept in the workspace are no part of it. */
function runsBelow(top: string, runsFolder: string): string {
  const inside = relative(top, runsFolder);
  if (inside === '' || inside.startsWith('..')) return '';
  const escaped = inside
    .split(sep)
    .join('/')
    .replace(/[\\*?[\]! ]/g, '\\$&');
  return `\n/${escaped}/\n`;
}

/** Whether the person's repository ignores the whole root: dotfiles in a home folder, a folder of builds. */
async function isIgnored(folder: GitFolder): Promise<boolean> {
  const place = { ...folder.place, folder: folder.place.workTree };
  const input = zeroEnded([folder.prefix]);
  const options = { input, exitCodes: [0, 1], literal: false };
  const output = await git(place, ['check-ignore', '-z', '-v', '-n', '--no-index', '--stdin'], options);
  const [source = '', , pattern = ''] = output.toString('latin1').split('\0');
  return source !== '' && !pattern.startsWith('!');
}

async function readSettled(path: string): Promise<Settled | undefined> {
  try {
    return settledSchema.parse(JSON.parse(await readFile(join(path, 'settled.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeSettled(path: string, settled: Settled): Promise<void> {
  const next = join(path, 'settled.json.next');
  await writeFile(next, JSON.stringify(settled), { mode: 0o600 });
  await rename(next, join(path, 'settled.json'));
}
