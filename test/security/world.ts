/**
 * A world to break out into: a workspace and its sandbox, and around them what must stay as it is and unread. `violations`
 * tells what an attempt reached, whichever way.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxShell, ShellOptions } from '../../src/sandbox/shell.ts';
import { lanAddress, listening, startVictim, udpListening } from './neighbours.ts';
import { makeSandbox, type TestSandbox } from '../sandbox/sandbox.ts';

/** One world. */
export interface World {
  readonly test: TestSandbox;
  /** The environment around it, secrets included. */
  readonly host: NodeJS.ProcessEnv;
  readonly shell: SandboxShell;
  /** Puts the world's names in place of `{name}`. */
  readonly fill: (text: string) => string;
  /** Makes the world as it was. */
  readonly reset: () => Promise<void>;
  /** What is not as it was, or was heard or told; empty when nothing got out. */
  readonly violations: (output: string) => Promise<readonly string[]>;
  readonly dispose: () => Promise<void>;
}

/** Makes it. The secret is never written into an attempt: whoever shows it has read it. */
export async function makeWorld(changes: Partial<ShellOptions> = {}): Promise<World> {
  const secret = `CANARY${randomBytes(12).toString('hex')}`;
  const base = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-world-')));
  const at = (...parts: readonly string[]) => join(base, ...parts);
  const [home, outside, unix] = [at('home'), at('outside'), at('agent', 'agent.sock')];
  const abstract = `mirothinker-${randomBytes(6).toString('hex')}`;
  const hits: string[] = [];
  const host = {
    ...process.env,
    HOME: home,
    AWS_SECRET_ACCESS_KEY: secret,
    GITHUB_TOKEN: secret,
    SSH_AUTH_SOCK: unix,
    VSCODE_IPC_HOOK_CLI: unix,
    VSCODE_GIT_IPC_AUTH_TOKEN: secret,
  };
  const test = await makeSandbox({ host, ...changes });
  const { workspace, runs } = test;
  const lay = async () => {
    for (const folder of [outside, home]) await rm(folder, { recursive: true, force: true });
    for (const [path, text] of outsideFiles(secret)) await put(at(path), text);
    await put(join(runs, '20260101-000000-aaaaaa', 'events.jsonl'), secret);
    await emptyFolder(workspace);
    for (const [path, text] of workspaceFiles) await put(join(workspace, path), text);
    await symlink(outside, join(workspace, 'linked'));
    await symlink(join(outside, 'secret.txt'), join(workspace, 'linked-file'));
  };
  await mkdir(at('agent'));
  await lay();
  const servers = [
    await listening(hits, 'TCP', secret, { port: 0, host: '::' }),
    await listening(hits, 'Unix socket', secret, { path: unix }),
    await listening(hits, 'abstract socket', secret, { path: `\0${abstract}` }),
  ];
  const [tcp] = servers;
  const address = tcp?.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const udp = await udpListening(hits);
  const victim = await startVictim(secret);
  const hostPtys = (await readdir('/dev/pts')).filter((name) => /^\d+$/.test(name));
  const names: Readonly<Record<string, string | number>> = {
    ...{ workspace, runs, outside, home, unix, abstract, port, udp: udp.address().port, pid: victim.child.pid ?? 0 },
    ...{ shm: victim.shm, realHome: homedir(), lan: lanAddress(), hostPty: `/dev/pts/${hostPtys[0] ?? '0'}` },
  };
  const before = await states();
  async function states(): Promise<ReadonlyMap<string, string>> {
    const all = new Map<string, string>();
    for (const folder of [outside, home, runs]) await listInto(all, folder);
    for (const path of ['.git', '.vscode', '.devcontainer', 'sub/repo/.git'])
      await listInto(all, join(workspace, path));
    return all;
  }
  return {
    test,
    host,
    shell: test.shell,
    fill: (text) => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(names[name] ?? whole)),
    reset: lay,
    violations: async (output) => {
      const found: string[] = [];
      if (output.includes(secret)) found.push('the secret was read');
      const after = await states();
      for (const path of new Set([...before.keys(), ...after.keys()])) {
        if (before.get(path) !== after.get(path))
          found.push(`${path} was ${before.get(path) ?? 'not there'}, is ${after.get(path) ?? 'gone'}`);
      }
      found.push(...(await newProtected(workspace)), ...(await dangerousFiles(workspace)), ...(await strays()));
      found.push(...hits.splice(0));
      if (!victim.isWell()) found.push('a process outside was touched');
      return found;
    },
    dispose: async () => {
      await test.dispose();
      for (const server of servers) server.close();
      udp.close();
      await victim.end();
      await rm(base, { recursive: true, force: true });
    },
  };
}

const outsideFiles = (secret: string) =>
  [
    ['outside/secret.txt', secret],
    ['home/.ssh/id_ed25519', secret],
    ['home/.aws/credentials', secret],
    ['home/.config/gcloud/credentials.json', secret],
    ['home/.netrc', secret],
    ['home/.bashrc', `# ${secret}`],
  ] as const;

const workspaceFiles = [
  ['notes.md', 'notes\n'],
  ['.git/HEAD', 'ref: refs/heads/main\n'],
  ['.git/config', '[core]\n\trepositoryformatversion = 0\n'],
  ['.git/hooks/sample', '#!/bin/sh\n'],
  ['.git/objects/info/keep', ''],
  ['.git/refs/heads/keep', ''],
  ['.vscode/settings.json', '{}\n'],
  ['sub/repo/.git/HEAD', 'ref: refs/heads/main\n'],
  ['sub/repo/.git/config', '[core]\n'],
  ['sub/repo/file.txt', 'text\n'],
  ['.devcontainer/devcontainer.json', '{}\n'],
] as const;

/** Protected names that an attempt left behind, wherever they stand; an empty folder is one that keeps the name free. */
async function newProtected(workspace: string): Promise<readonly string[]> {
  const names = [
    '.git',
    '.vscode',
    '.mcp.json',
    'mcp.json',
    'devcontainer.json',
    '.devcontainer.json',
    '*.code-workspace',
  ];
  const named = names.flatMap((name, index) => [...(index === 0 ? [] : ['-o']), '-iname', name]);
  const own = ['.git', '.vscode', 'sub/repo/.git', '.devcontainer/devcontainer.json'].map((path) => `./${path}`);
  const found = await find(workspace, [
    '(',
    ...named,
    '-o',
    '-path',
    './.claude/settings.json',
    ')',
    '!',
    '-empty',
    '-prune',
    '-print0',
  ]);
  const heads = await find(workspace, [
    '-name',
    'HEAD',
    '!',
    '-path',
    '*/.git/*',
    '!',
    '-path',
    '*.blocked*',
    '-print0',
  ]);
  return [...found, ...heads].filter((path) => !own.includes(path)).map((path) => `${path} was made`);
}

async function dangerousFiles(workspace: string): Promise<readonly string[]> {
  const found = await find(workspace, [
    '!',
    '-type',
    'd',
    '(',
    '-perm',
    '/6000',
    '!',
    '-type',
    'l',
    '-o',
    '-type',
    'b',
    '-o',
    '-type',
    'c',
    ')',
    '-print0',
  ]);
  for (const path of found) await rm(join(workspace, path), { force: true });
  return found.map((path) => `${path} is set-user-id or a device`);
}

/** Names are bytes: each stands for one character. */
async function find(folder: string, words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('find', ['.', ...words], {
    cwd: folder,
    encoding: 'latin1',
    maxBuffer: 1e8,
  });
  return stdout.split('\0').filter((path) => path !== '');
}

/** Files named `pwn…` in places of the machine that are no sandbox's. */
async function strays(): Promise<readonly string[]> {
  const places = [
    '/',
    '/tmp',
    '/var/tmp',
    '/dev/shm',
    '/run',
    '/etc',
    '/usr',
    '/usr/local/bin',
    '/usr/bin',
    '/opt',
    '/home',
    '/root',
    homedir(),
  ];
  const found: string[] = [];
  for (const place of places) {
    const names = await readdir(place).catch(() => []);
    found.push(...names.filter((name) => name.startsWith('pwn')).map((name) => join(place, name)));
  }
  for (const path of found) await rm(path, { recursive: true, force: true });
  return found.map((path) => `${path} was made`);
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function listInto(all: Map<string, string>, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSocket()) all.set(path, await stateOf(path));
  }
}

async function stateOf(path: string): Promise<string> {
  const state = await lstat(path).catch(() => undefined);
  if (!state) return 'gone';
  if (state.isSymbolicLink()) return `link to ${await readlink(path)}`;
  const kind = state.isDirectory()
    ? 'folder'
    : createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
        .slice(0, 12);
  return `${kind} ${(state.mode & 0o7777).toString(8)} ${state.uid} ${state.isDirectory() ? '' : state.nlink}`;
}
