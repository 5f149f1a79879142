/** Folders that are no workspace for commands: what a command may write there runs, or is secret, outside. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { isWithin } from './environment.ts';

const folders =
  '/bin /boot /dev /etc /home /lib /lib32 /lib64 /libx32 /lost+found /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var /var/tmp /usr/local /usr/src /usr/local/src /Applications /Library /System /Users /Volumes /private /private/tmp /private/var /private/etc';
const systemFolders: readonly string[] = folders.split(' ');

/** System folders of which no part is a workspace either. */
const wholeFolders: readonly string[] =
  '/bin /boot /etc /lib /lib32 /lib64 /libx32 /proc /sbin /sys /usr/bin /usr/sbin /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/include /usr/share /usr/local/bin /usr/local/sbin /usr/local/lib /System /Library'.split(
    ' ',
  );
/** Of a home: what holds keys, and what programs outside run or obey. Below the last ones are projects, too. */
const personal: readonly string[] =
  '.ssh .gnupg .aws .azure .kube .docker .password-store .pki .mozilla .vscode .vscode-server .vscode-insiders .cursor .claude .codex .gemini .config/autostart .config/systemd .config/gcloud .config/git .config/gh .config/Code .local/bin .local/lib .local/share/applications bin'.split(
    ' ',
  );
const personalWhole: readonly string[] = ['.config', '.local', '.local/share', '.local/state', '.cache'];
const aHome = /^\/(?:home|Users)\/[^/]+$/;

/** Throws UserError when a root is or contains a home, `/` or a system folder. Roots are absolute. */
export async function refuseUnsafeRoots(roots: readonly string[], home: string = homedir()): Promise<void> {
  const homes = [home, '/root', await realpath(home).catch(() => home)];
  for (const root of roots) {
    const real = await realpath(root).catch(() => {
      throw new UserError(`The workspace folder ${root} cannot be read. Open a folder that exists.`);
    });
    const why = whyUnsafe(real, homes);
    if (why === undefined) continue;
    const linked = real === root ? '' : ` (${real})`;
    throw new UserError(
      `The workspace ${root}${linked} ${why}. Commands could change everything in it, so runs don't start here. Open a project folder below it.`,
    );
  }
}

/** Whether a folder is, or contains, one of the system's. */
export function holdsSystem(path: string): boolean {
  return [...systemFolders, ...wholeFolders].some((folder) => isWithin(folder, path));
}

function whyUnsafe(root: string, homes: readonly string[]): string | undefined {
  if (root === '/') return 'is the whole file system';
  if (homes.includes(root) || aHome.test(root)) return 'is a home folder';
  const contained = homes.find((home) => isWithin(home, root));
  if (contained !== undefined) return `contains a home folder, ${contained}`;
  const kept = homes.flatMap((home) => personal.map((name) => join(home, name))).find((each) => isWithin(root, each));
  const settings = homes.flatMap((home) => personalWhole.map((name) => join(home, name))).find((each) => root === each);
  if ((kept ?? settings) !== undefined) return 'holds keys or settings that programs outside obey';
  const system = systemFolders.find((folder) => isWithin(folder, root));
  if (system !== undefined) return system === root ? 'is a system folder' : `contains a system folder, ${system}`;
  const whole = wholeFolders.find((folder) => isWithin(root, folder));
  return whole === undefined ? undefined : `is part of a system folder, ${whole}`;
}
