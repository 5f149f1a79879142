/** What fetching costs: a page of loopback, and the same out of the cache; median of 100 pages. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageFetcher } from '../../src/tools/web/fetchPages.ts';
import { faultyServer } from '../harness/faultyServer.ts';

const pages = 100;
const signal = new AbortController().signal;
const server = await faultyServer();
const folder = await mkdtemp(join(tmpdir(), 'fetch-bench-'));
const fetcher = pageFetcher({
  settings: { blocked: [], allowLoopback: true, robots: true, render: false },
  cache: { folder, maxBytes: 100_000_000, maxAgeMs: 3_600_000 },
  now: Date.now,
});

async function median(): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < pages; at++) {
    const start = performance.now();
    await fetcher.fetch(server.at(`/page/${at}`), { signal });
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[pages / 2] ?? 0;
}

for (const name of ['fetch.loopback', 'fetch.cached']) {
  console.log(JSON.stringify({ name, value: Number((await median()).toFixed(2)), unit: 'ms', better: 'lower' }));
}
await fetcher.dispose();
await server.close();
await rm(folder, { recursive: true });
