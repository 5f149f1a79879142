/** A person's own repository, found by its files: git is asked for settings only, and nothing is written there. */
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gitOfPerson } from './git.ts';

/** Where a repository's parts are. */
export interface Repository {
  /** The folder in which `.git` is. */
  readonly top: string;
  /** Of this work tree: its index is here. */
  readonly gitDir: string;
  /** Of all its work trees: objects and settings are here. */
  readonly commonDir: string;
}

/** What of a person's settings decides which bytes and names git takes. */
export interface PersonsSettings {
  readonly excludesFile: string;
  readonly attributesFile: string;
  /** Whether line ends may be other in the work tree than in objects. */
  readonly convertsLines: boolean;
  /** As git writes them into a configuration: what the file system can do. */
  readonly fileSystem: Readonly<Record<'filemode' | 'symlinks' | 'ignorecase', string | undefined>>;
}

/** The repository that a folder is the top of. */
export async function repositoryAt(top: string): Promise<Repository | undefined> {
  const dot = join(top, '.git');
  const found = await stat(dot).catch(() => undefined);
  if (!found) return undefined;
  const named = found.isDirectory() ? dot : /^gitdir: (.+)$/m.exec(await readFile(dot, 'utf8').catch(() => ''))?.[1];
  if (named === undefined) return undefined;
  const gitDir = resolve(top, named);
  const common = (await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => '')).trim();
  const commonDir = common === '' ? gitDir : resolve(gitDir, common);
  const head = await stat(join(gitDir, 'HEAD')).catch(() => undefined);
  const objects = await stat(join(commonDir, 'objects')).catch(() => undefined);
  return head && objects?.isDirectory() === true ? { top, gitDir, commonDir } : undefined;
}

/** The repository that a folder belongs to. */
export async function repositoryAround(folder: string): Promise<Repository | undefined> {
  for (let place = folder; ; place = dirname(place)) {
    const found = await repositoryAt(place);
    if (found || dirname(place) === place) return found;
  }
}

/** How long the names of a repository's objects are, in bytes. */
export async function hashBytesOf({ commonDir }: Repository): Promise<20 | 32> {
  const config = await readFile(join(commonDir, 'config'), 'utf8').catch(() => '');
  return /^\s*objectformat\s*=\s*"?sha256/im.test(config) ? 32 : 20;
}

/** A person's settings as they hold in a folder. */
export async function settingsIn(folder: string): Promise<PersonsSettings> {
  const list = await gitOfPerson(folder, ['config', '--null', '--list'], { exitCodes: [0, 1, 128] });
  const settings = new Map<string, string>();
  for (const line of list.toString('utf8').split('\0')) {
    const [key = '', value = 'true'] = line.split(/\n(.*)/s);
    if (key.startsWith('core.')) settings.set(key.slice(5), value);
  }
  const config = join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'git');
  const place = (key: string, usual: string) => {
    const named = settings.get(key);
    return named === undefined ? join(config, usual) : resolve(folder, named.replace(/^~(?=\/|$)/, homedir()));
  };
  return {
    excludesFile: place('excludesfile', 'ignore'),
    attributesFile: place('attributesfile', 'attributes'),
    convertsLines: /^(true|input|yes|on|1)$/i.test(settings.get('autocrlf') ?? ''),
    fileSystem: {
      filemode: settings.get('filemode'),
      symlinks: settings.get('symlinks'),
      ignorecase: settings.get('ignorecase'),
    },
  };
}
