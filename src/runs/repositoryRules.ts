/** Reads what the repositories of a workspace narrow. */
import { constants, existsSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError, messageOf } from '../agent/errors.ts';
import { narrowingFile, narrowingSchema, type NarrowingFile } from '../agent/narrowed.ts';

const maxBytes = 100_000;

/** One a folder that has such a file, in order. Throws UserError for a file that cannot be read: it might narrow. */
export async function readRepositoryRules(
  roots: readonly { readonly name: string; readonly path: string }[],
): Promise<readonly NarrowingFile[]> {
  const all = await Promise.all(
    roots.map(async ({ name, path }) => [{ name, path }, ...(await foldersAbove(path)).map(named)]),
  );
  const folders = new Map(all.flat().map((folder) => [folder.path, folder]));
  const files = await Promise.all(
    [...folders.values()].map(async ({ name, path }) => {
      const file = join(path, narrowingFile);
      const text = await readSmall(file);
      return text === undefined ? [] : [{ place: `${name}/${narrowingFile}`, narrowing: parsed(file, text) }];
    }),
  );
  return files.flat();
}

function named(path: string): { readonly name: string; readonly path: string } {
  return { name: basename(path), path };
}

/** The folders above one up to the top of the repository that it is in; none where it is in none. Never above a home. */
export async function foldersAbove(folder: string): Promise<readonly string[]> {
  const above: string[] = [];
  let at = await realpath(folder).catch(() => resolve(folder));
  const home = await realpath(homedir()).catch(() => homedir());
  while (!existsSync(join(at, '.git'))) {
    const parent = dirname(at);
    if (parent === at || at === home || homes.test(at)) return [];
    above.push(parent);
    at = parent;
  }
  return above;
}

/** Homes of whomever. */
const homes = /^(?:\/root|\/(?:home|Users)\/[^/]+|[A-Za-z]:\\Users\\[^\\]+)$/;

/** Undefined where there is none. */
async function readSmall(file: string): Promise<string | undefined> {
  try {
    // A FIFO in its place must not hold the run up.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw broken(file, 'it is no file');
      if (stat.size > maxBytes) throw broken(file, `it has ${stat.size} bytes; at most ${maxBytes} are read`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw broken(file, messageOf(error));
  }
}

function parsed(file: string, text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw broken(file, messageOf(error));
  }
  const result = narrowingSchema.safeParse(value);
  if (result.success) return result.data;
  throw broken(
    file,
    z
      .prettifyError(result.error)
      .replace(/\s*\n\s*/g, ' ')
      .replace(/^✖ /, ''),
  );
}

/** A file of a repository's that cannot be read. */
export class BrokenNarrowing extends UserError {
  readonly file: string;

  constructor(file: string, message: string) {
    super(message);
    this.file = file;
  }
}

function broken(file: string, problem: string): BrokenNarrowing {
  return new BrokenNarrowing(
    file,
    `${file} says what runs may do here, and cannot be read: ${problem}. Nothing runs until it is mended or removed.`,
  );
}
