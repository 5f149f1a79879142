/** What trust in a server is bound to: all that decides what is started or reached, by its hash. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { ServerDefinition } from './definition.ts';

/** One trust decision's subject. Values are kept as their SHA-256: they may be secrets. */
export interface Fingerprint {
  readonly hash: string;
  /** By a name that a person understands: `command`, `argument 2`, `environment TOKEN`, `file tools/server.js`. */
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * Of a placed definition whose environment file is read. Programs and scripts that its command line names below the
 * workspace's folders are parts as well: what a run or a repository can change is not what was trusted once it has changed.
 */
export async function fingerprint(
  definition: ServerDefinition,
  cwd: string,
  roots: readonly string[],
): Promise<Fingerprint> {
  const values = definition.kind === 'http' ? remoteParts(definition) : await localParts(definition, cwd, roots);
  const parts = Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, sha256(value)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { hash: sha256(JSON.stringify([definition.kind, parts])), parts };
}

/** What is not as it was, in words: `argument 2, environment TOKEN`. */
export function changedParts(before: Fingerprint['parts'], now: Fingerprint['parts']): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  const words = names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    return [before[name] === undefined ? `${name} (new)` : now[name] === undefined ? `${name} (gone)` : name];
  });
  return words.join(', ');
}

type Values = Readonly<Record<string, string>>;

function remoteParts({ url, headers, sse }: Extract<ServerDefinition, { kind: 'http' }>): Values {
  return { address: url, transport: String(sse), ...prefixed('header', headers) };
}

async function localParts(
  { command, args, env }: Extract<ServerDefinition, { kind: 'stdio' }>,
  cwd: string,
  roots: readonly string[],
): Promise<Values> {
  const numbered = Object.fromEntries(args.map((arg, index) => [`argument ${index + 1}`, arg]));
  const files = await workspaceFiles([command, ...args], cwd, roots);
  return { command, 'working folder': cwd, ...numbered, ...prefixed('environment', env), ...files };
}

function prefixed(prefix: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix} ${name}`, value]));
}

/** The files of the workspace that a command line names, by what is in them. */
async function workspaceFiles(words: readonly string[], cwd: string, roots: readonly string[]): Promise<Values> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))));
  const paths = words.flatMap((word) => [word, word.replace(/^[^=]*=/, '')]);
  const found = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const file = await realpath(resolve(cwd, path)).catch(() => undefined);
      const root = file === undefined ? undefined : real.find((one) => file.startsWith(`${one}${sep}`));
      if (file === undefined || root === undefined || !(await stat(file)).isFile()) return [];
      return [[`file ${relative(root, file)}`, await contentHash(file)] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function contentHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(Buffer.from(chunk));
  return hash.digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
