/** Workspaces to measure in. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeConfinement } from '../../src/sandbox/confinement.ts';
import { defaultLimits } from '../../src/sandbox/limits.ts';
import { SandboxShell } from '../../src/sandbox/shell.ts';

export interface BenchShell {
  readonly shell: SandboxShell;
  readonly workspace: string;
  readonly dispose: () => Promise<void>;
}

/** A repository with that many folders of that many files, and a shell on it. */
export async function benchShell(folders: number, filesInFolder: number): Promise<BenchShell> {
  const base = await mkdtemp(join(tmpdir(), 'mirothinker-bench-'));
  const [workspace, runsFolder] = [join(base, 'workspace'), join(base, 'runs')];
  await mkdir(join(workspace, '.git'), { recursive: true });
  await mkdir(runsFolder);
  for (let at = 0; at < folders; at++) {
    const folder = join(workspace, `part-${at % 10}`, `folder-${at}`);
    await mkdir(folder, { recursive: true });
    for (let file = 0; file < filesInFolder; file++) await writeFile(join(folder, `file-${file}.ts`), '');
  }
  const confinement = await probeConfinement();
  const common = { network: 'off', readOnlyPaths: [], python: undefined, limits: defaultLimits } as const;
  const shell = new SandboxShell({ ...common, roots: [workspace], runsFolder, confinement });
  const dispose = async () => {
    await shell.dispose();
    await rm(base, { recursive: true });
  };
  return { shell, workspace, dispose };
}

/** The value below which so much of the times lie. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
