/** The workspace as file tools see it: its roots, and every path the model names resolved to a place inside them. */
import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import { ToolError, UserError, messageOf } from '../agent/errors.ts';
import { isProtected } from '../agent/protectedPaths.ts';
import { closestPaths } from './closestPaths.ts';
import { noDocuments, type Documents } from './documents.ts';
import { errorCode, fileProblem } from './fileProblems.ts';
import { fromDisk, meantName, onDisk, shownName } from './pathNames.ts';

/** A folder of the workspace. */
export interface Root {
  /** What paths begin with when there are several roots; unique. */
  readonly name: string;
  /** Absolute, without links. */
  readonly path: string;
}

/** A path that the model named, inside the workspace whatever links stand on the way. */
export interface Located {
  /** Without links, except that what does not exist yet is as named. */
  readonly absolute: string;
  /**
   * As shown to the model: relative to the root, after its name when there are several; `.` for the only root. Odd bytes are
   * escaped (`pathNames.ts`).
   */
  readonly relative: string;
  /** The root that holds `absolute`. */
  readonly root: Root;
  readonly exists: boolean;
  /** Whether the path's last part is itself a link. */
  readonly isLink: boolean;
}

/** What a path is named for: `entry` is what stands there itself, a link not followed, to be moved or deleted. */
export type Purpose = 'read' | 'write' | 'entry';

export interface Workspace {
  readonly roots: readonly Root[];
  /** Where ripgrep may be, best first; a bare name is looked for on PATH. */
  readonly ripgrepPaths: readonly string[];
  readonly documents: Documents;
  /**
   * Finds what a path means. Throws ToolError when it leaves the workspace, is ambiguous, does not exist (but to write), is
   * protected (but to read), or is a link (to write).
   */
  readonly resolve: (path: string, purpose: Purpose) => Promise<Located>;
  /** How an absolute path inside a root is shown to the model. */
  readonly show: (absolute: string) => string;
}

/** What can be set about a workspace. */
export interface WorkspaceOptions {
  /** Candidates for ripgrep's binary, best first: the person's setting, VS Code's own. PATH and our own come after. */
  readonly ripgrepPaths?: readonly string[];
  /** The editor's; absent where there is none. */
  readonly documents?: Documents;
}

/** Opens the folders, given as absolute paths. Throws UserError when one does not exist. */
export async function openWorkspace(paths: readonly string[], options: WorkspaceOptions = {}): Promise<Workspace> {
  const roots = await namedRoots(paths);
  const locateAll = async (path: string, purpose: Purpose) =>
    Promise.all(
      candidatesFor(roots, paths, path).map(({ root, inside }) => locate(roots, root, inside, path, purpose)),
    );
  return {
    roots,
    ripgrepPaths: options.ripgrepPaths ?? [],
    documents: options.documents ?? noDocuments,
    show: (absolute) => shownPath(roots, absolute),
    resolve: async (path, purpose) => {
      const found = await chosen(roots, path, await spelled(path, purpose, locateAll), purpose);
      if (purpose !== 'read') checkWritable(roots, found, path, purpose);
      if (purpose === 'write' && !found.exists) checkNewName(path);
      return found;
    },
  };
}

type LocateAll = (path: string, purpose: Purpose) => Promise<readonly Located[]>;

/** What a path means as it is shown, as it is written, or with its accents written the other way: the first that exists. */
async function spelled(path: string, purpose: Purpose, locateAll: LocateAll): Promise<readonly Located[]> {
  const meant = meantName(path);
  const shown = meant === path ? [] : await locateAll(meant, purpose).catch(() => []);
  if (shown.some(({ exists }) => exists)) return shown;
  const literal = await locateAll(path, purpose);
  if (literal.some(({ exists }) => exists)) return literal;
  for (const form of ['NFC', 'NFD']) {
    const other = path.normalize(form);
    const found = other === path ? [] : await locateAll(other, purpose).catch(() => []);
    if (found.some(({ exists }) => exists)) return found;
  }
  return literal;
}

async function namedRoots(paths: readonly string[]): Promise<readonly Root[]> {
  const roots: Root[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch((error: unknown) => {
      throw new UserError(`The workspace folder ${path} cannot be opened: ${messageOf(error)}.`);
    });
    const base = basename(path) || 'root';
    const twins = roots.filter(({ name }) => name === base || name.startsWith(`${base}-`)).length;
    roots.push({ name: twins === 0 ? base : `${base}-${twins + 1}`, path: real });
  }
  if (roots.length === 0) throw new UserError('No folder is open. Open the folder that the question is about.');
  return roots;
}

/** After the path of what is protected. */
export const protectedWords =
  'is protected: version control, editor, MCP and MiroThinker settings cannot be changed by tools. Tell the person what to change there instead.';

interface Candidate {
  readonly root: Root;
  readonly inside: string;
}

/** What Linux takes. */
const maxPathChars = 4_096;

/** Every place that a path may mean, by its letters alone. */
function candidatesFor(roots: readonly Root[], given: readonly string[], path: string): readonly Candidate[] {
  if (path.length > maxPathChars)
    throw new ToolError(`${path.slice(0, 100)}… is a name that is too long for a file system.`);
  if (path.includes('\0')) throw new ToolError('A path cannot contain a null character.');
  if (isAbsolute(path)) {
    const candidates = roots.flatMap((root, index) => {
      const inside = [root.path, given[index] ?? root.path].map((base) => insideOf(base, path));
      const found = inside.find((part) => part !== undefined);
      return found === undefined ? [] : [{ root, inside: found }];
    });
    if (candidates.length === 0) throw outside(roots, path);
    return candidates.toSorted((a, b) => a.inside.length - b.inside.length).slice(0, 1);
  }
  const normal = posix.normalize(path.trim() === '' ? '.' : path).replace(/(?<=.)\/$/, '');
  if (normal === '..' || normal.startsWith('../')) throw outside(roots, path);
  const [first = '', ...rest] = normal.split('/');
  const named = roots.find((root) => root.name === first);
  // With one root its name before a path is a slip that is forgiven: it comes last.
  if (named && roots.length > 1) return [{ root: named, inside: rest.join('/') || '.' }];
  const inEach = roots.map((root) => ({ root, inside: normal }));
  return named && rest.length > 0 ? [...inEach, { root: named, inside: rest.join('/') }] : inEach;
}

/** Follows links and refuses what ends outside of every root. */
async function locate(
  roots: readonly Root[],
  root: Root,
  inside: string,
  asked: string,
  purpose: Purpose,
): Promise<Located> {
  const lexical = join(root.path, inside);
  const isLink = await lstat(onDisk(lexical)).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  const { real, exists } =
    isLink && purpose === 'entry' ? await linkItself(lexical, asked) : await realLocation(lexical, asked);
  const holder = roots.find((other) => insideOf(other.path, real) !== undefined);
  if (!holder) {
    throw new ToolError(`${asked} is a link that leaves the workspace, which is not followed.`);
  }
  return { absolute: real, relative: shownPath(roots, lexical), root: holder, exists, isLink };
}

interface RealLocation {
  readonly real: string;
  readonly exists: boolean;
}

/** The path of a link: links above it are followed. */
async function linkItself(path: string, asked: string): Promise<RealLocation> {
  const parent = await realLocation(dirname(path), asked);
  return { real: join(parent.real, basename(path)), exists: true };
}

/** The path without links; of what does not exist, the deepest existing ancestor without links and the rest as named. */
async function realLocation(path: string, asked: string): Promise<RealLocation> {
  try {
    return { real: fromDisk(await realpath(onDisk(path), { encoding: 'buffer' })), exists: true };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ELOOP') throw new ToolError(`${asked} is a link that leads to itself.`);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw fileProblem(error, asked);
    const target = await readlink(onDisk(path)).catch(() => undefined);
    if (target !== undefined) throw new ToolError(`${asked} is a link to ${target}, which does not exist.`);
    const parent = await realLocation(dirname(path), asked);
    return { real: join(parent.real, basename(path)), exists: false };
  }
}

async function chosen(
  roots: readonly Root[],
  path: string,
  located: readonly Located[],
  purpose: Purpose,
): Promise<Located> {
  const existing = located.filter((place) => place.exists);
  const [found] = existing;
  if (found && (existing.length === 1 || roots.length === 1)) return found;
  if (existing.length > 1) {
    const places = existing.map((place) => place.relative).join(', ');
    throw new ToolError(`${path} is in several folders of the workspace. Say which: ${places}.`);
  }
  const [only] = located;
  if (purpose === 'write' && only && (located.length === 1 || roots.length === 1)) return only;
  if (purpose === 'write') {
    throw new ToolError(`Begin the path with the folder it belongs to: ${roots.map(({ name }) => name).join(', ')}.`);
  }
  throw await missing(roots, path);
}

/** A path that does not exist, with what comes closest to it. */
async function missing(roots: readonly Root[], path: string): Promise<ToolError> {
  const close = await closestPaths(
    roots.map((root) => ({ path: root.path, prefix: roots.length > 1 ? `${root.name}/` : '' })),
    path,
  );
  const hint = close.length > 0 ? ` Closest: ${close.join(', ')}.` : ' Use list_files to see what there is.';
  return new ToolError(`${path} does not exist.${hint}`);
}

/** Refuses names that mean something else to whoever wrote them than to the file system. */
function checkNewName(path: string): void {
  const words = 'Paths are relative to the workspace.';
  if (/^~[^/]*(?:\/|$)/.test(path)) throw new ToolError(`${path} is outside the workspace: a home folder. ${words}`);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw new ToolError(`${path} is outside the workspace: a URL. ${words}`);
  if (path.includes('\\') && sep === '/') {
    throw new ToolError(`${path} has backslashes in it, and does not exist. Write / between folders.`);
  }
}

function checkWritable(roots: readonly Root[], place: Located, asked: string, purpose: Purpose): void {
  const real = roots.map((root) => insideOf(root.path, place.absolute)).filter((inside) => inside !== undefined);
  if ([place.relative, ...real].some(isProtected)) throw new ToolError(`${asked} ${protectedWords}`);
  if (place.isLink && purpose === 'write') {
    throw new ToolError(`${asked} is a link, which file tools do not write through. Name the file that it leads to.`);
  }
  if (roots.some((root) => insideOf(place.absolute, root.path) !== undefined)) {
    throw new ToolError(`${asked} is a folder of the workspace; name a file in it.`);
  }
}

function outside(roots: readonly Root[], path: string): ToolError {
  const where =
    roots.length > 1 ? `begin with ${roots.map(({ name }) => name).join(', ')}` : 'are relative to its folder';
  return new ToolError(`${path} is outside the workspace, which the tools do not leave. Paths ${where}.`);
}

/** The path relative to a folder, `.` for itself; undefined when it is not inside. */
function insideOf(folder: string, path: string): string | undefined {
  const part = relative(folder, path);
  if (part === '') return '.';
  return part === '..' || part.startsWith(`..${sep}`) || isAbsolute(part) ? undefined : part;
}

function shownPath(roots: readonly Root[], absolute: string): string {
  for (const root of roots.toSorted((a, b) => b.path.length - a.path.length)) {
    const inside = insideOf(root.path, absolute)?.split(sep).map(shownName).join('/');
    if (inside === undefined) continue;
    if (roots.length === 1) return inside;
    return inside === '.' ? root.name : `${root.name}/${inside}`;
  }
  return absolute;
}
