/** Folders that a person shows to confined processes: toolchains of a home, data. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { isWithin } from './environment.ts';

interface ReadOnlyPaths {
  /** Absolute; with its real path beside, where that is another. */
  readonly shown: readonly string[];
  /** As they were named. */
  readonly missing: readonly string[];
}

/** Nothing of these is shown: sockets, other processes, the kernel's switches. */
const never = ['/proc', '/sys', '/dev', '/run', '/var/run'];
/** Not shown whole; folders below them are. */
const notWhole = ['/', '/home', '/Users', '/etc', '/var', '/var/lib', '/tmp', '/var/tmp', '/mnt', '/media', '/srv'];
const aHome = /^\/(?:root|(?:home|Users)\/[^/]+)$/;

/** `~/` is understood. Throws UserError on one that would show a home, the runs or what is never shown. */
export async function readOnlyPaths(
  named: readonly string[],
  { runsFolder, home = homedir() }: { readonly runsFolder: string; readonly home?: string | undefined },
): Promise<ReadOnlyPaths> {
  const real = (path: string) => realpath(path).catch(() => undefined);
  const homes = [home, (await real(home)) ?? home];
  const runs = [resolve(runsFolder), (await real(runsFolder)) ?? resolve(runsFolder)];
  const shown = new Set<string>();
  const missing: string[] = [];
  for (const name of named) {
    const path = resolve(home, name.replace(/^~(?=\/|$)/, home));
    const target = await real(path);
    const why = [path, target ?? path].map((each) => whyNot(each, homes, runs)).find((reason) => reason !== undefined);
    if (why !== undefined) {
      throw new UserError(
        `The setting mirothinker.sandbox.readOnlyPaths names ${name}, which ${why}. Name the folder that commands need, such as ~/.pyenv.`,
      );
    }
    if (target === undefined) missing.push(name);
    else for (const each of [path, target]) shown.add(each);
  }
  return { shown: [...shown], missing };
}

function whyNot(path: string, homes: readonly string[], runs: readonly string[]): string | undefined {
  if (homes.some((home) => isWithin(home, path)) || aHome.test(path)) return 'would show a whole home';
  if (runs.some((folder) => isWithin(folder, path) || isWithin(path, folder))) return 'would show the runs folder';
  const secret = never.find((folder) => isWithin(path, folder));
  if (secret !== undefined) return `lies in ${secret}, which is never shown`;
  return notWhole.includes(path) ? 'would show far more than a toolchain' : undefined;
}
