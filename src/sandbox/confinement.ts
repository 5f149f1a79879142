/** Whether processes can be confined here, found out by confining one. */
import { execFile, spawn } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { isolation } from './bwrapArguments.ts';
import { pathEntries } from './environment.ts';
import type { Confinement } from './results.ts';
import { sandboxExec, underSeatbelt } from './seatbelt.ts';
import { seccompFilter } from './seccomp.ts';
import { whatIsWrong } from './selfCheck.ts';

/** Finds out whether processes can be confined, by confining one. */
export async function probeConfinement(host: NodeJS.ProcessEnv = process.env): Promise<Confinement> {
  if (process.platform === 'darwin') return probeSeatbelt();
  if (process.platform !== 'linux') {
    return {
      kind: 'unsupported',
      message: `Commands cannot be confined on ${process.platform}: bubblewrap is a Linux program.`,
      remedy: 'Open the workspace on Linux (Remote SSH, a container or WSL), or allow each command when it asks.',
    };
  }
  const bwrap = await findProgram('bwrap', pathEntries(host));
  if (bwrap === undefined) {
    return {
      kind: 'missing',
      message: 'bubblewrap, which confines commands, is not installed (there is no bwrap on PATH).',
      remedy:
        'Install it: sudo apt install bubblewrap, sudo dnf install bubblewrap or sudo pacman -S bubblewrap. Until then each command asks.',
    };
  }
  const filter = seccompFilter();
  const [failure, version] = await Promise.all([tryConfining(bwrap, filter), versionOf(bwrap)]);
  const works = { kind: 'works', by: 'bubblewrap', program: bwrap, version } as const;
  if (failure === undefined) return { ...works, filtered: filter !== undefined };
  if (filter && (await tryConfining(bwrap, undefined)) === undefined) return { ...works, filtered: false };
  return {
    kind: 'blocked',
    message: `bubblewrap is installed but may not work here: ${failure}`,
    remedy: await remedy(),
  };
}

/** A Mac confines where a process that is let loose under Seatbelt fails at all that it must not do. */
async function probeSeatbelt(): Promise<Confinement> {
  const wrong = await whatIsWrong(
    (program, { root, home, temporary }) =>
      underSeatbelt(program, {
        ...{ roots: [root], workspace: 'read-write', readOnlyPaths: [], home, temporary, hidden: [], network: 'off' },
      }),
    homedir(),
  );
  if (wrong === undefined) {
    return { kind: 'works', by: 'seatbelt', program: sandboxExec, version: '', filtered: false };
  }
  return {
    kind: 'blocked',
    message: `macOS does not confine commands here: a test under ${sandboxExec} said: ${wrong}.`,
    remedy: 'Open the workspace on Linux (Remote SSH, a container), or allow each command when it asks.',
  };
}

/** The first folder's executable of that name. */
export async function findProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** Why it failed, in its own words; undefined when it worked. */
function tryConfining(bwrap: string, filter: Buffer | undefined): Promise<string | undefined> {
  const loading = filter ? ['--seccomp', '3'] : [];
  const mounts = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'];
  const child = spawn(bwrap, [...isolation, ...mounts, ...loading, '--', '/bin/sh', '-c', ':'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: 10_000,
    env: {},
  });
  const [, , stderr, input] = child.stdio;
  if (input instanceof Writable) input.on('error', () => undefined).end(filter);
  let said = '';
  stderr?.setEncoding('utf8').on('data', (data: string) => (said += data));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => {
      const words = said.trim().split('\n').at(-1) ?? '';
      resolve(code === 0 ? undefined : words || `it ended with exit code ${code ?? 'none'}`);
    });
  });
}

/** `0.8.0`; empty where it does not say. */
function versionOf(bwrap: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(bwrap, ['--version'], { timeout: 10_000, env: {} }, (_error, stdout) => {
      resolve(/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? '');
    });
  });
}

/** What most likely stands in the way, by the switches that systems have for it. */
async function remedy(): Promise<string> {
  if ((await kernelSwitch('kernel/apparmor_restrict_unprivileged_userns')) === '1') {
    return 'This Ubuntu lets no ordinary program make user namespaces (AppArmor). Give bwrap a profile, /etc/apparmor.d/bwrap: "abi <abi/4.0>, include <tunables/global> profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }", then sudo systemctl reload apparmor. Until then each command asks.';
  }
  if ((await kernelSwitch('kernel/unprivileged_userns_clone')) === '0') {
    return 'User namespaces are switched off. Switch them on: sudo sysctl -w kernel.unprivileged_userns_clone=1 (keep it in /etc/sysctl.d). Until then each command asks.';
  }
  if ((await kernelSwitch('user/max_user_namespaces')) === '0') {
    return 'User namespaces are switched off. Switch them on: sudo sysctl -w user.max_user_namespaces=15000 (keep it in /etc/sysctl.d). Until then each command asks.';
  }
  return 'In a container this is usual: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined (Docker, Podman), or with --privileged; in a devcontainer.json put these into runArgs. Until then each command asks.';
}

function kernelSwitch(name: string): Promise<string | undefined> {
  return readFile(join('/proc/sys', name), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
