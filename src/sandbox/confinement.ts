/** bubblewrap: what it is told, and whether it works here. */
import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isWithin, pathEntries, sandboxHome } from './environment.ts';
import type { Confinement } from './results.ts';
import type { SystemView } from './system.ts';

/** What a confined process sees. Every path is absolute and real (no links on the way) unless said otherwise. */
export interface View {
  readonly system: SystemView;
  /** Writable, at their own path. */
  readonly roots: readonly string[];
  /** Other names of roots, through links. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly readOnlyPaths: readonly string[];
  /** Folders of ours that are its home, its /tmp, and the /etc files that are made for it. */
  readonly home: string;
  readonly temporary: string;
  readonly etc: readonly { readonly from: string; readonly to: string }[];
  /** Folders within roots that must stay where they are, for what they hold. */
  readonly pinned: readonly string[];
  /** Existing paths within roots that stay as they are. */
  readonly kept: readonly string[];
  /** Paths within roots that must not come to be: an empty folder stands there meanwhile. */
  readonly absent: readonly string[];
  readonly emptyFolder: string;
  /** Covered, whatever shows them. */
  readonly hidden: readonly string[];
  readonly network: 'off' | 'allowlist' | 'on';
  readonly cwd: string;
}

/** Rights that are given up: a command needs none, root's included. */
const isolation = ['--unshare-all', '--die-with-parent', '--cap-drop', 'ALL', '--uid', '1000', '--gid', '1000'];

/** The arguments that confine a command, which follows them. Later mounts cover earlier ones. */
export function bwrapArguments(view: View): string[] {
  const shown = [...view.system.visible, ...view.readOnlyPaths, ...view.roots];
  const hidden = view.hidden.filter((path) => shown.some((folder) => isWithin(path, folder)));
  const roots = [...view.roots].sort((a, b) => a.length - b.length);
  return [
    ...isolation,
    ...(view.network === 'on' ? ['--share-net'] : []),
    ...['--hostname', 'sandbox', '--proc', '/proc', '--dev', '/dev'],
    ...['--tmpfs', '/dev/shm', '--dir', '/run', '--symlink', '../run', '/var/run'],
    ...['--bind', view.temporary, '/tmp', '--bind', view.temporary, '/var/tmp', '--bind', view.home, sandboxHome],
    ...view.system.mounts,
    ...view.etc.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...view.readOnlyPaths.flatMap((path) => ['--ro-bind-try', path, path]),
    ...roots.flatMap((root) => ['--bind', root, root]),
    ...view.links.flatMap(({ path, target }) => ['--symlink', target, path]),
    ...view.pinned.flatMap((path) => ['--bind-try', path, path]),
    ...view.kept.flatMap((path) => ['--ro-bind-try', path, path]),
    ...view.absent.flatMap((path) => ['--ro-bind', view.emptyFolder, path]),
    ...hidden.flatMap((path) => ['--tmpfs', path]),
    // Root outside is still the owner of the kernel's switches in /proc/sys.
    ...['--remount-ro', '/proc', '--remount-ro', '/dev', '--remount-ro', '/', '--chdir', view.cwd, '--'],
  ];
}

/** Finds out whether processes can be confined, by confining one. */
export async function probeConfinement(host: NodeJS.ProcessEnv = process.env): Promise<Confinement> {
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
  const failure = await tryConfining(bwrap);
  if (failure === undefined) return { kind: 'works', bwrap };
  return {
    kind: 'blocked',
    message: `bubblewrap is installed but may not work here: ${failure}`,
    remedy: await remedy(),
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
function tryConfining(bwrap: string): Promise<string | undefined> {
  const args = [...isolation, '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--', '/bin/sh', '-c', ':'];
  return new Promise((resolve) => {
    execFile(bwrap, args, { timeout: 10_000, env: {} }, (error, _stdout, stderr) => {
      resolve(error ? (stderr.trim().split('\n').at(-1) ?? '') || error.message : undefined);
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
