/** A server's `envFile`: lines of NAME=value, read before anybody is asked whether the server is trusted. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError, messageOf } from '../../agent/errors.ts';
import type { ServerDefinition } from './definition.ts';

const maxBytes = 100_000;

/** The definition with what its file says in its environment; what it names itself goes before. Throws UserError. */
export async function withEnvironmentFile(definition: ServerDefinition, folder: string): Promise<ServerDefinition> {
  if (definition.kind === 'http' || definition.envFile === undefined) return definition;
  const { envFile, ...rest } = definition;
  const path = resolve(folder, envFile);
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > maxBytes) throw new Error(`it is no file of at most ${maxBytes} bytes`);
    return { ...rest, env: { ...entries(await readFile(path, 'utf8')), ...rest.env } };
  } catch (error) {
    throw new UserError(`its envFile ${path} cannot be read: ${messageOf(error)}`);
  }
}

function entries(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, unquoted(value)] as const];
  });
  return Object.fromEntries(lines);
}

function unquoted(value: string): string {
  const [, quote, inner] = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(value) ?? [];
  if (quote === undefined || inner === undefined) return value.replace(/\s+#.*$/, '');
  return quote === '"' ? inner.replaceAll('\\n', '\n') : inner;
}
