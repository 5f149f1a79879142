/**
 * The sandbox's /etc: what programs need of this machine's, collected into one folder, since each mount costs every start.
 * Keys, password hashes and the rest stay hidden: as root a command could read them.
 */
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from './environment.ts';
import { programFolders } from './system.ts';

/** A path of ours that is shown at another one. */
export interface ShownAs {
  readonly from: string;
  readonly to: string;
}

const configuration =
  /^(?:alternatives|ca-certificates(?:\.conf)?|debian_version|fonts|gai\.conf|host\.conf|hosts|inputrc|java.*|ld\.so\..*|locale\..*|localtime|lsb-release|magic|matplotlibrc|mime\.types|nsswitch\.conf|os-release|papersize|perl|protocols|python.*|R|rpc|services|terminfo|texmf|timezone|ImageMagick-.*|xml|sgml)$/;
const nestedConfiguration = [
  'ssl/certs',
  'ssl/openssl.cnf',
  'pki/ca-trust',
  'pki/tls/certs',
  'pki/tls/cert.pem',
  'pki/tls/openssl.cnf',
];

const passwd = `root:x:0:0:root:/root:/bin/bash
user:x:1000:1000:user:/home/user:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;
const group = `root:x:0:
user:x:1000:
nogroup:x:65534:
`;

interface Room {
  entries: number;
  bytes: number;
}

/** Of all copies together; what is beyond is mounted. */
const maxEntries = 3000;
const maxBytes = 8 * 2 ** 20;

/** Makes the folder at `into`. Gives the mounts that show it and what was not copied. */
export async function collectEtc(into: string, etc = '/etc'): Promise<readonly ShownAs[]> {
  const left = { entries: maxEntries, bytes: maxBytes };
  await mkdir(into, { recursive: true });
  const names = (await readdir(etc).catch(() => [])).filter((name) => configuration.test(name));
  const collected = await Promise.all([...names, ...nestedConfiguration].map((name) => collect(name, etc, into, left)));
  // Behind /etc/resolv.conf is often a link into /run, which is hidden.
  const resolver = await readFile(join(etc, 'resolv.conf'), 'utf8').catch(() => '');
  for (const [name, text] of Object.entries({ passwd, group, 'resolv.conf': resolver })) {
    await writeFile(join(into, name), text);
  }
  return [{ from: into, to: '/etc' }, ...collected.flat()];
}

async function collect(name: string, etc: string, into: string, left: Room): Promise<readonly ShownAs[]> {
  const [from, to] = [join(etc, name), join(into, name)];
  const real = await realpath(from).catch(() => undefined);
  if (real === undefined) return [];
  await mkdir(dirname(to), { recursive: true });
  if (real !== from && programFolders.some((folder) => isWithin(real, folder))) await symlink(real, to);
  else if (await isSmall(real, left)) await copy(real, to);
  else {
    const state = await lstat(real);
    await (state.isDirectory() ? mkdir(to) : writeFile(to, ''));
    return [{ from: real, to: join('/etc', name) }];
  }
  return [];
}

/** Whether it fits what may still be copied, which it then uses up. */
async function isSmall(path: string, left: Room): Promise<boolean> {
  const need = await sizeOf(path);
  if (need.entries > left.entries || need.bytes > left.bytes) return false;
  left.entries -= need.entries;
  left.bytes -= need.bytes;
  return true;
}

async function sizeOf(path: string): Promise<Readonly<Room>> {
  const state = await lstat(path);
  if (!state.isDirectory()) return { entries: 1, bytes: state.isFile() ? state.size : 0 };
  const names = await readdir(path).catch(() => []);
  if (names.length > maxEntries) return { entries: names.length, bytes: 0 };
  const below = await Promise.all(names.map((name) => sizeOf(join(path, name))));
  return below.reduce((sum, { entries, bytes }) => ({ entries: sum.entries + entries, bytes: sum.bytes + bytes }), {
    entries: 1,
    bytes: 0,
  });
}

/** Links stay links; what we may not read, a command could not either. */
async function copy(from: string, to: string): Promise<void> {
  const state = await lstat(from);
  if (state.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (state.isFile()) {
    const copied = await copyFile(from, to).then(
      () => true,
      () => false,
    );
    if (copied) await chmod(to, 0o644);
  } else if (state.isDirectory()) {
    await mkdir(to);
    const names = await readdir(from).catch(() => []);
    await Promise.all(names.map((name) => copy(join(from, name), join(to, name))));
  }
}
