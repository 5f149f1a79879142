/**
 * Kills a process of the command line with SIGKILL at an exact place of its log. Loaded into it with `--import`; the
 * environment says where.
 */
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * `before`: the fact is not written. `torn`: half of its line is. `after`: it is on disk, and nothing was done about it yet.
 * The fact is the first one written whose number or type is `fact`.
 */
export interface Death {
  readonly when: 'before' | 'torn' | 'after';
  readonly fact: number | string;
}

/** The environment of a process that dies so. */
export function dyingAt({ when, fact }: Death): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, KILL_AT: JSON.stringify({ when, fact }) };
}

function isDeath(value: unknown): value is Death {
  return typeof value === 'object' && value !== null && 'when' in value && 'fact' in value;
}

/** Every log that the process opens dies so. */
function arm(death: Death): void {
  const open = fs.promises.open.bind(fs.promises);
  fs.promises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    return String(path).endsWith('events.jsonl') ? mortal(handle, death) : handle;
  };
  syncBuiltinESMExports();
}

function mortal(handle: FileHandle, { when, fact }: Death): FileHandle {
  const die = () => process.kill(process.pid, 'SIGKILL');
  let dying = false;
  const write = async (bytes: Buffer, offset: number, length: number, position: number) => {
    const text = bytes.toString('latin1', offset, offset + length);
    const at = lineOf(text, fact);
    dying ||= at !== undefined && when === 'after';
    if (at === undefined || dying) return handle.write(bytes, offset, length, position);
    const end = when === 'torn' ? at + Math.floor((text.indexOf('\n', at) - at) / 2) : at;
    if (end > 0) await handle.write(bytes, offset, end, position);
    return die();
  };
  const datasync = async () => {
    await handle.datasync();
    if (dying) die();
  };
  const mine = new Map<string | symbol, unknown>(Object.entries({ write, datasync }));
  return new Proxy(handle, { get: (target, key): unknown => mine.get(key) ?? Reflect.get(target, key) });
}

/** Where the line of that fact begins. */
function lineOf(text: string, fact: number | string): number | undefined {
  const line = typeof fact === 'number' ? `\\{"seq":${fact},` : `\\{"seq":\\d+,"at":[\\d.]+,"type":"${fact}"`;
  return new RegExp(`^${line}`, 'm').exec(text)?.index;
}

const death: unknown = JSON.parse(process.env['KILL_AT'] ?? 'null');
if (isDeath(death)) arm(death);
