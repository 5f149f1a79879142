/**
 * search_workspace over 10,000 files: the first query, which builds the index; one after a hundred files changed; one where
 * nothing did; and one of another run, which finds the index kept. In ms, each with the time the event loop stood still at most.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { WorkspaceIndex } from '../../src/tools/fullText/workspaceIndex.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { figure } from './figure.ts';

const fileCount = 10_000;
const changedCount = 100;
const words =
  'river delta sediment turbine valve pressure record index reader window token budget fork attempt ledger source page quote citation search'.split(
    ' ',
  );

const folder = await mkdtemp(join(tmpdir(), 'bench-search-'));
const kept = await mkdtemp(join(tmpdir(), 'bench-search-index-'));
const path = join(kept, 'index.sqlite');
const signal = new AbortController().signal;
try {
  for (let at = 0; at < fileCount; at++) {
    if (at % 100 === 0) await mkdir(join(folder, `part${at / 100}`));
    await writeFile(fileAt(at), textOf(at, ''));
  }
  const workspace = await openWorkspace([folder]);
  const open = () => new WorkspaceIndex({ workspace, reader: undefined, path, without: kept, patienceMs: 600_000 });
  const index = open();
  await measured('build', () => index.search('turbine pressure 4711', undefined, 10, signal));
  await measured('query', () => index.search('sediment of the delta', undefined, 10, signal));
  for (let at = 0; at < changedCount; at++) await writeFile(fileAt(at * 97), textOf(at, 'changed since'));
  await measured('update', () => index.search('changed since', undefined, 10, signal));
  await index.dispose();
  const other = open();
  await measured('kept', () => other.search('ledger quote', undefined, 10, signal));
  await other.dispose();
  const { size } = await stat(path);
  figure('workspaceSearch.size', size / 1_000_000, 'MB');
  const impatient = new WorkspaceIndex({
    workspace,
    reader: undefined,
    path: join(kept, 'other.sqlite'),
    without: kept,
  });
  await measured('first', () => impatient.search('turbine', undefined, 10, signal));
  await impatient.dispose();
} finally {
  await rm(folder, { recursive: true });
  await rm(kept, { recursive: true });
}

function fileAt(at: number): string {
  return join(folder, `part${Math.floor(at / 100)}`, `file${at}.md`);
}

/** About 5 KB that is the same each time. */
function textOf(seed: number, extra: string): string {
  let state = seed + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
  const lines = Array.from({ length: 60 }, () =>
    Array.from(
      { length: 12 },
      () => `${words[next() % words.length] ?? ''}${next() % 5 === 0 ? next() % 5_000 : ''}`,
    ).join(' '),
  );
  return `# File ${seed} ${extra}\n\n${lines.join('\n')}\n`;
}

async function measured(name: string, work: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begun = performance.now();
  await work();
  const tookMs = performance.now() - begun;
  delay.disable();
  figure(`workspaceSearch.${name}`, tookMs, 'ms');
  figure(`workspaceSearch.${name}.standstill`, delay.max / 1e6, 'ms');
}
