/** A workspace of which commands change a copy: what they write is kept in folders of their sandbox. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import type { WorkspaceAccess } from '../shared/runSettings.ts';
import type { Overlay } from './bwrapArguments.ts';
import type { Confinement } from './results.ts';
import type { SandboxFolders } from './stateFolder.ts';

/** The first version of bubblewrap that has --overlay. */
const needed = [0, 11] as const;

/** Whether a version of bubblewrap can make overlays. */
export function hasOverlay(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

/** Throws UserError where an overlay is wanted and cannot be had. */
export function refuseMissingOverlay(workspace: WorkspaceAccess, confinement: Confinement): void {
  if (workspace !== 'overlay' || (confinement.kind === 'works' && hasOverlay(confinement.version))) return;
  const here =
    confinement.kind === 'works'
      ? `here is ${confinement.version || 'one that names no version'}`
      : confinement.message;
  throw new UserError(
    `The workspace is to be an overlay (mirothinker.sandbox.workspace, --files), which needs bubblewrap ${needed.join('.')} or newer; ${here}. Install a newer bubblewrap, or choose read-only or read-write.`,
  );
}

/** Where a sandbox keeps what is written to each root. */
export function overlaysOf({ home }: SandboxFolders, roots: readonly string[]): readonly Overlay[] {
  return roots.map((root, index) => {
    const folder = join(dirname(home), 'overlay', String(index));
    return { root, upper: join(folder, 'upper'), work: join(folder, 'work') };
  });
}

/** Makes these folders. */
export async function makeOverlays(folders: SandboxFolders, roots: readonly string[]): Promise<void> {
  for (const { upper, work } of overlaysOf(folders, roots)) {
    await mkdir(upper, { recursive: true });
    await mkdir(work, { recursive: true });
  }
}
