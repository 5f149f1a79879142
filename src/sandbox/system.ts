/** The parts of this machine's system that a confined process may read. */
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** bubblewrap's arguments for the system, and the folders that they show. */
export interface SystemView {
  readonly mounts: readonly string[];
  readonly visible: readonly string[];
}

/** Folders that hold programs and libraries, and nothing of a person. */
const programFolders = ['/usr', '/opt', '/nix/store', '/gnu/store'];
/** Part of /usr on most systems, folders of their own on some. */
const rootFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/**
 * What programs need of /etc. Keys, password hashes and the rest of it stay hidden: as root a command could read them.
 */
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

/** Looks at the system once; it does not change while we run. */
export async function lookAtSystem(): Promise<SystemView> {
  const mounts: string[] = [];
  const visible: string[] = [];
  for (const folder of [...programFolders, ...rootFolders]) {
    const state = await lstat(folder).catch(() => undefined);
    if (state?.isSymbolicLink()) mounts.push('--symlink', await readlink(folder), folder);
    else if (state?.isDirectory()) mounts.push('--ro-bind', folder, folder);
    if (state) visible.push(folder);
  }
  const names = (await readdir('/etc').catch(() => [])).filter((name) => configuration.test(name));
  for (const name of [...names, ...nestedConfiguration]) {
    const path = join('/etc', name);
    mounts.push('--ro-bind-try', path, path);
  }
  return { mounts, visible };
}
