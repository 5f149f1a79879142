/**
 * What macOS is told (`sandbox-exec -p`): the same view as bubblewrap's, as a profile of Seatbelt. There are no namespaces:
 * what is not named stays visible by name, and a process can leave its group. The last rule that fits decides.
 */
import { dirname } from 'node:path';
import { protectedEndings, protectedNames } from '../agent/protectedPaths.ts';
import type { WorkspaceAccess } from '../shared/runSettings.ts';

/** Paths are absolute and real. */
export interface SeatbeltView {
  readonly roots: readonly string[];
  readonly workspace: WorkspaceAccess;
  readonly readOnlyPaths: readonly string[];
  /** The sandbox's own. */
  readonly home: string;
  readonly temporary: string;
  /** Homes in folders that are seen otherwise. */
  readonly homes?: readonly string[];
  /** A file of ours that this launch reads. */
  readonly script?: string | undefined;
  readonly hidden: readonly string[];
  readonly network: 'off' | 'allowlist' | 'on';
}

export const sandboxExec = '/usr/bin/sandbox-exec';

/** sandbox-exec and its arguments, for a program that runs so. */
export function underSeatbelt(
  program: readonly [string, ...string[]],
  view: SeatbeltView,
): readonly [string, ...string[]] {
  return [sandboxExec, '-p', seatbeltProfile(view), ...program];
}

/** Services without which programs do not start, find users or check certificates; none that starts programs. */
const services = [
  'com.apple.system.opendirectoryd.libinfo',
  'com.apple.system.opendirectoryd.membership',
  'com.apple.system.notification_center',
  'com.apple.system.logger',
  'com.apple.logd',
  'com.apple.bsd.dirhelper',
];
const networkServices = ['com.apple.SystemConfiguration.configd', 'com.apple.trustd.agent', 'com.apple.networkd'];
/** Where people keep what is theirs, and others' temporary files; sockets too. */
const covered = [
  '/Users',
  '/Volumes',
  '/Library/Keychains',
  '/private/var/root',
  '/private/var/folders',
  '/private/var/run',
  '/private/tmp',
  '/private/var/tmp',
];
const devices = ['/dev/null', '/dev/zero', '/dev/tty', '/dev/ptmx', '/dev/stdout', '/dev/stderr', '/dev/dtracehelper'];

/** The profile's text. */
export function seatbeltProfile(view: SeatbeltView): string {
  const { roots, workspace, readOnlyPaths, home, temporary, hidden, network } = view;
  const shown = [...readOnlyPaths, ...roots];
  const own = [home, temporary];
  const given = view.script === undefined ? [] : [view.script];
  const writes = workspace === 'read-write';
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec process-fork)',
    '(allow signal process-info* (target same-sandbox))',
    '(allow sysctl-read)',
    '(allow ipc-posix-sem ipc-posix-shm)',
    '(allow pseudo-tty)',
    rule('allow mach-lookup', services.map(globalName)),
    '(allow file-read*)',
    rule('deny file-read*', [...covered, ...(view.homes ?? [])].map(subpath)),
    rule('allow file-read-metadata', above([...shown, ...own, ...given]).map(literal)),
    rule('allow file-read*', shown.map(subpath)),
    ...(writes ? [rule('allow file-write*', roots.map(subpath))] : []),
    ...(writes ? roots.map((root) => `(deny file-write* ${protectedBelow(root)})`) : []),
    rule('deny file-read* file-write*', hidden.map(subpath)),
    rule('allow file-read* file-write*', own.map(subpath)),
    rule('allow file-read*', given.map(literal)),
    rule('allow file-read* file-write-data file-ioctl', [...devices.map(literal), '(regex #"^/dev/ttys[0-9]+$")']),
    ...(network === 'on' ? online : []),
    '',
  ].join('\n');
}

/** Addresses alone: no socket of another program's has one. */
const online = [
  '(allow network-outbound (remote ip))',
  '(allow network-inbound network-bind (local ip))',
  '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
  rule('allow mach-lookup', networkServices.map(globalName)),
];

function rule(action: string, filters: readonly string[]): string {
  return filters.length === 0 ? '' : `(${action} ${filters.join(' ')})`;
}

/** Every folder on the way to these, so that their paths can be resolved. */
function above(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); !found.has(folder); folder = dirname(folder)) found.add(folder);
  }
  return [...found].sort();
}

/** Whatever the case in which it is written: the file system may not care. */
function protectedBelow(root: string): string {
  const names = [...protectedNames].map(anyCase);
  const endings = protectedEndings.map((ending) => ending.split('/').map(anyCase).join('/'));
  const workspaces = `[^/]*${anyCase('.code-workspace')}`;
  return `(regex #"^${escaped(root)}/(.*/)?(${[...names, ...endings, workspaces].join('|')})(/|$)")`;
}

function anyCase(text: string): string {
  return escaped(text).replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/** Everything but letters and digits that ASCII has could mean something in a pattern. */
function escaped(text: string): string {
  return text.replace(/["\\.*+?^${}()|[\]]/g, (sign) => (sign === '"' ? '.' : `\\${sign}`));
}

function subpath(path: string): string {
  return `(subpath ${quoted(path)})`;
}

function literal(path: string): string {
  return `(literal ${quoted(path)})`;
}

function globalName(name: string): string {
  return `(global-name ${quoted(name)})`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (sign) => `\\${sign}`)}"`;
}
