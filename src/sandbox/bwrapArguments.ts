/** What bubblewrap is told. The table in CONTRIBUTING says of each argument why it is there. */
import type { WorkspaceAccess } from '../shared/runSettings.ts';
import { isWithin, sandboxHome } from './environment.ts';
import type { SystemView } from './system.ts';

/** What a confined process sees. Every path is absolute and real (no links on the way) unless said otherwise. */
export interface View {
  readonly system: SystemView;
  /** Homes that the system's folders would show; roots and read-only paths in them are seen. */
  readonly homes: readonly string[];
  /** The workspace, at its own path. */
  readonly roots: readonly string[];
  readonly workspace: WorkspaceAccess;
  /** Folders of the sandbox's own, one a root, on which an overlay keeps what is written. */
  readonly overlays: readonly Overlay[];
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
  /** Arguments of others, after all mounts. */
  readonly extra: readonly string[];
  /** The descriptor that holds the filter of system calls. */
  readonly filter: number | undefined;
  /** The one for what bubblewrap tells of the start. */
  readonly status: number | undefined;
  readonly cwd: string;
}

/** What an overlay writes to, and a folder that it works in, on one file system. */
export interface Overlay {
  readonly root: string;
  readonly upper: string;
  readonly work: string;
}

/** Of shared memory, in bytes; /dev/shm is counted as memory, but by no limit of a single process. */
const sharedMemoryBytes = 2 ** 30;

/** Rights that are given up: a command needs none, root's included. */
export const isolation: readonly string[] = [
  '--unshare-all',
  '--die-with-parent',
  '--cap-drop',
  'ALL',
  '--uid',
  '1000',
  '--gid',
  '1000',
];

/** The arguments that confine a command, which follows them. Later mounts cover earlier ones. */
export function bwrapArguments(view: View): string[] {
  const shown = [...view.system.visible, ...view.readOnlyPaths, ...view.roots];
  const hidden = view.hidden.filter((path) => shown.some((folder) => isWithin(path, folder)));
  const roots = [...view.roots].sort((a, b) => a.length - b.length);
  return [
    ...isolation,
    ...(view.network === 'on' ? ['--share-net'] : []),
    ...['--hostname', 'sandbox', '--proc', '/proc', '--dev', '/dev'],
    ...['--size', String(sharedMemoryBytes), '--tmpfs', '/dev/shm', '--dir', '/run', '--symlink', '../run', '/var/run'],
    ...['--bind', view.temporary, '/tmp', '--bind', view.temporary, '/var/tmp', '--bind', view.home, sandboxHome],
    ...view.system.mounts,
    ...view.homes.flatMap((path) => ['--tmpfs', path]),
    ...view.etc.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...view.readOnlyPaths.flatMap((path) => ['--ro-bind-try', path, path]),
    ...roots.flatMap((root) => rootMount(root, view)),
    ...view.links.flatMap(({ path, target }) => ['--symlink', target, path]),
    ...view.pinned.flatMap((path) => ['--bind-try', path, path]),
    ...view.kept.flatMap((path) => ['--ro-bind-try', path, path]),
    ...view.absent.flatMap((path) => ['--ro-bind', view.emptyFolder, path]),
    ...hidden.flatMap((path) => ['--tmpfs', path]),
    ...view.extra,
    ...(view.filter === undefined ? [] : ['--seccomp', String(view.filter)]),
    ...(view.status === undefined ? [] : ['--json-status-fd', String(view.status)]),
    // Root outside is still the owner of the kernel's switches in /proc/sys.
    ...['--remount-ro', '/proc', '--remount-ro', '/dev', '--remount-ro', '/', '--chdir', view.cwd, '--'],
  ];
}

function rootMount(root: string, { workspace, overlays }: View): readonly string[] {
  if (workspace === 'read-write') return ['--bind', root, root];
  const overlay = workspace === 'overlay' ? overlays.find((each) => each.root === root) : undefined;
  // An overlay that was not made shows the workspace, and nothing can be written.
  if (!overlay) return ['--ro-bind', root, root];
  return ['--overlay-src', root, '--overlay', overlay.upper, overlay.work, root];
}
