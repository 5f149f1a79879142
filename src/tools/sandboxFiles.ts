/**
 * A living sandbox's own files, reached from our side: its home and its /tmp are folders of ours, in which its processes may
 * change anything at any moment. So every folder on the way is held open and no link is followed, wherever it leads.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { ToolError } from '../agent/errors.ts';
import type { ToolContext } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';
import { errorCode, fileProblem } from './fileProblems.ts';
import { meantName, shownName } from './pathNames.ts';
import { withFolder, type HeldFolder } from './safeFiles.ts';
import { callPlace } from './sandboxCall.ts';

/** Folders of ours, without links, and where processes see them. */
export interface SandboxFolder {
  readonly inside: string;
  readonly outside: string;
}

export interface SandboxFiles {
  /**
   * Does something with a sandbox's folders while it lives: its home first, then /tmp and what holds its changes of a
   * workspace that is an overlay. `roots` are those of the workspace; processes start in the first. Throws ToolError on an unknown id, or where there is no confinement.
   */
  readonly withFolders: <T>(
    id: string,
    use: (folders: readonly SandboxFolder[], roots: readonly string[]) => Promise<T>,
  ) => Promise<T>;
}

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

/** The id of a call that concerns a living sandbox. Throws ToolError for one that stands for none. */
export function livingSandboxId(given: string, context: ToolContext): string {
  const { sandboxId } = callPlace(given, context);
  if (sandboxId !== undefined) return sandboxId;
  throw new ToolError(
    `"${given}" stands for no sandbox: a call without one runs in a fresh sandbox that is gone when it ends, with its files. create_sandbox makes one that stays and gives its sandbox_id.`,
  );
}

interface Folders {
  readonly folders: readonly SandboxFolder[];
  readonly roots: readonly string[];
}

/** A path that the model named, within one of a sandbox's folders. */
interface Place {
  readonly folder: SandboxFolder;
  /** Names below the folder; none: itself. */
  readonly names: readonly string[];
  readonly path: string;
  readonly shown: string;
}

/**
 * Writes a file into a sandbox: into a folder under `name`, or to a path whose folders are made where they are missing. Gives
 * its path as processes see it. Throws ToolError.
 */
export async function putFile(
  { folders, roots }: Folders,
  path: string,
  name: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<string> {
  const asked = placeOf({ folders: folders.slice(0, 2), roots }, path);
  const into = path.trim().endsWith('/') || asked.names.length === 0 || (await isFolder(asked));
  const {
    folder,
    names,
    path: target,
  } = into ? placeOf({ folders, roots }, posix.join(asked.path, shownName(name))) : asked;
  const shown = shownName(target);
  try {
    await withFolder(folder.outside, folder.inside, (held) =>
      below(held, names.slice(0, -1), folder.inside, { make: true }, async (parent) => {
        const last = names.at(-1) ?? name;
        const there = await lstat(parent.at(last)).catch(() => undefined);
        if (there?.isDirectory() === true)
          throw new ToolError(`${shown} is a folder in the sandbox. Name another file.`);
        const temporary = parent.at(`.${randomBytes(8).toString('hex')}.tmp`);
        try {
          const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
          await write(file).finally(() => file.close());
          await rename(temporary, parent.at(last));
        } catch (error) {
          await unlink(temporary).catch(() => undefined);
          throw error;
        }
      }),
    );
  } catch (error) {
    throw fileProblem(error, shown);
  }
  return shown;
}

/** Reads a file of a sandbox, as it is while it is read. Throws ToolError for what is no file, or larger than `maxBytes`. */
export async function takeFile(
  { folders, roots }: Folders,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly shown: string }> {
  const { folder, names, shown } = placeOf({ folders, roots }, path);
  const last = names.at(-1);
  if (last === undefined) throw isAFolder(shown);
  try {
    const bytes = await withFolder(folder.outside, folder.inside, (held) =>
      below(held, names.slice(0, -1), folder.inside, {}, (parent) => bytesOf(parent, last, shown, maxBytes, signal)),
    );
    return { bytes, shown };
  } catch (error) {
    signal.throwIfAborted();
    throw fileProblem(error, `${shown} in the sandbox`);
  }
}

async function bytesOf(parent: HeldFolder, name: string, shown: string, maxBytes: number, signal: AbortSignal) {
  const before = await lstat(parent.at(name));
  if (before.isSymbolicLink()) throw isALink(shown);
  if (before.isDirectory()) throw isAFolder(shown);
  if (!before.isFile()) throw isNoFile(shown);
  const file = await open(parent.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  try {
    const state = await file.stat();
    if (!state.isFile()) throw isNoFile(shown);
    const { size } = state;
    if (size > maxBytes) {
      throw new ToolError(
        `${shown} is too large (${formatBytes(size)}): a download may have ${formatBytes(maxBytes)}. Compress it or split it first.`,
      );
    }
    // It may grow meanwhile.
    const buffer = Buffer.alloc(size + 1);
    let length = 0;
    while (length < buffer.length) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, length, Math.min(buffer.length - length, 1 << 20), length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > size) throw new ToolError(`${shown} is still being written. Download it when that has ended.`);
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** Finds what a path means inside, by its letters alone. */
function placeOf({ folders, roots }: Folders, given: string): Place {
  if (given.includes('\0')) throw new ToolError('A path cannot contain a null character.');
  // These names are understood where nothing is mounted there, too.
  const [home = '/', temporary = '/tmp'] = folders.map(({ inside }) => inside);
  const named = meantName(given.trim()).replace(/^(?:~|\/home\/user)(?=\/|$)/, () => home);
  const path = posix.normalize(posix.resolve(roots[0] ?? home, named)).replace(/^\/var\/tmp(?=\/|$)/, () => temporary);
  const isIn = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  const [own, changed] = [folders.slice(0, 2), folders.slice(2)].map((all) => all.find(({ inside }) => isIn(inside)));
  const shared = roots.some(isIn);
  const folder = shared ? changed : own;
  const shown = shownName(path);
  if (folder) {
    const names = path.slice(folder.inside.length).split('/').filter(Boolean);
    return { folder, names, path, shown };
  }
  const where = folders
    .slice(0, 2)
    .map(({ inside }) => inside)
    .join(' or ');
  const why = shared
    ? 'lies in the workspace, which the sandbox shares at the same path: nothing has to be copied there'
    : `is none of the sandbox's own files, which are below ${where}`;
  throw new ToolError(`${shown} ${why}.`);
}

/** Holds the folders below another, one by one, none of them a link. */
async function below<T>(
  held: HeldFolder,
  names: readonly string[],
  inside: string,
  { make = false }: { readonly make?: boolean },
  use: (folder: HeldFolder) => Promise<T>,
): Promise<T> {
  const [name, ...rest] = names;
  if (name === undefined) return use(held);
  const path = posix.join(inside, name);
  if (make) {
    await mkdir(held.at(name)).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
  const found = await held.below(name, async (inner) => ({ value: await below(inner, rest, path, { make }, use) }));
  if (found) return found.value;
  const there = await lstat(held.at(name)).catch(() => undefined);
  if (there?.isSymbolicLink() === true) throw isALink(shownName(path));
  throw new ToolError(`${shownName(path)} is ${there ? 'a file' : 'not there'} in the sandbox.`);
}

async function isFolder({ folder, names }: Place): Promise<boolean> {
  return withFolder(folder.outside, folder.inside, (held) =>
    below(held, names, folder.inside, {}, async () => true).catch(() => false),
  );
}

function isALink(shown: string): ToolError {
  return new ToolError(`${shown} is a link in the sandbox, which is not followed. Name the file that it leads to.`);
}

function isAFolder(shown: string): ToolError {
  return new ToolError(`${shown} is a folder in the sandbox; only files are copied. Pack it into an archive first.`);
}

function isNoFile(shown: string): ToolError {
  return new ToolError(`${shown} is a device, a socket or a pipe in the sandbox, not a file.`);
}
