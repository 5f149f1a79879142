/** The place where a shell's processes run: looked at and made once, before the first of them. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../agent/errors.ts';
import { bwrapArguments } from './confinement.ts';
import { confinedEnvironment, isWithin, unconfinedEnvironment } from './environment.ts';
import { findPython, type Python } from './findPython.ts';
import { guardWorkspace, type Guard } from './guard.ts';
import type { Confinement } from './results.ts';
import { makeStateFolder, type SandboxFolders, type StateFolder } from './stateFolder.ts';
import { lookAtSystem } from './system.ts';
import { refuseUnsafeRoots } from './unsafeRoots.ts';

/** What a shell is made for. Paths are absolute; `~/` is understood in `readOnlyPaths` and `python`. */
export interface PlaceOptions {
  readonly roots: readonly string[];
  /** The folder that holds the runs: no process sees it. */
  readonly runsFolder: string;
  readonly network: 'off' | 'allowlist' | 'on';
  readonly readOnlyPaths: readonly string[];
  /** The interpreter; undefined takes `python3`. */
  readonly python: string | undefined;
  readonly confinement: Confinement;
  /** Our own environment, of which children get little. */
  readonly host?: NodeJS.ProcessEnv;
}

/** How a program is started so that it runs in the place. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly confined: boolean;
}

export interface Place {
  readonly state: StateFolder;
  /** The interpreter, or why there is none. */
  readonly python: Python | { readonly missing: string };
  readonly guard: (signal: AbortSignal) => Promise<Guard>;
  readonly launch: (
    program: readonly [string, ...string[]],
    folders: SandboxFolders,
    guard: Guard | undefined,
  ) => Launch;
}

/** Throws UserError when the workspace is no place for commands. */
export async function makePlace(options: PlaceOptions): Promise<Place> {
  const { confinement, network, host = process.env } = options;
  const home = host['HOME'] ?? homedir();
  await refuseUnsafeRoots(options.roots, home);
  const [system, state] = [await lookAtSystem(), await makeStateFolder()];
  const roots = await Promise.all(options.roots.map((root) => realpath(root)));
  const links = options.roots.flatMap((path, index) => {
    const target = roots[index];
    const free = ![...roots, ...system.visible].some((folder) => isWithin(path, folder));
    return target !== undefined && target !== path && free ? [{ path, target }] : [];
  });
  const hidden = [await realpath(options.runsFolder).catch(() => resolve(options.runsFolder)), state.base];
  const readOnly = options.readOnlyPaths.map((path) => resolve(path.replace(/^~(?=\/|$)/, home)));
  const seen = [...system.visible, ...readOnly, ...roots];
  const python = await findPython(options.python, host, seen, home).catch((error: unknown) => ({
    missing: messageOf(error),
  }));
  const installed = 'missing' in python ? [] : python.readOnlyPaths;
  const named = options.python !== undefined || installed.length > 0;
  const firstOnPath = 'missing' in python || !named ? [] : [dirname(python.command)];
  const cwd = roots[0] ?? '/';
  return {
    state,
    python,
    guard: (signal) => guardWorkspace({ roots, hidden, notes: state.notes }, signal),
    launch: ([file, ...args], folders, guard) => {
      if (confinement.kind !== 'works' || !guard) {
        return { file, args, env: unconfinedEnvironment(host, firstOnPath), cwd, confined: false };
      }
      const { home: ownHome, temporary } = folders;
      const readOnlyPaths = [...readOnly, ...installed];
      const { empty: emptyFolder, etc } = state;
      const view = {
        system,
        roots,
        links,
        readOnlyPaths,
        home: ownHome,
        temporary,
        etc,
        emptyFolder,
        hidden,
        network,
        cwd,
      };
      const confining = bwrapArguments({ ...view, ...guard.mounts });
      const env = confinedEnvironment(host, [...seen, ...installed], firstOnPath);
      return { file: confinement.bwrap, args: [...confining, file, ...args], env, cwd: '/', confined: true };
    },
  };
}
