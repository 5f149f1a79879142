/**
 * Counting tokens in the bundle's thread: megabytes of UTF-8 a second over source code and over Chinese prose, the time to
 * the first count, the memory that the thread adds after 10 MB of text, and what it adds to the VSIX.
 */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { deflateRawSync } from 'node:zlib';

const folder = join(import.meta.dirname, '../../dist/tokens');
const source = (await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8')).slice(0, 150_000);
const prose = '研究人员发现，上下文窗口越长，模型的推理能力越强。然而，成本也随之上升，约为原来的3.5倍。'.repeat(1_200);

const before = process.memoryUsage().rss;
const startedAt = performance.now();
const worker = new Worker(join(folder, 'worker.js'));
const ask = async (texts: readonly string[]) => {
  worker.postMessage({ id: 0, texts });
  await once(worker, 'message');
};
await ask(['hello']);
print('tokens.load', performance.now() - startedAt, 'ms');
print('tokens.source', await throughput(source), 'MB/s', 'higher');
print('tokens.chinese', await throughput(prose), 'MB/s', 'higher');
print('tokens.memory', (process.memoryUsage().rss - before) / 1e6, 'MB');
await worker.terminate();
const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
print('tokens.vsix', files.map((file) => deflateRawSync(file).length).reduce((sum, size) => sum + size) / 1e6, 'MB');

/** The best of three times about 2 MB. */
async function throughput(text: string): Promise<number> {
  const size = Buffer.byteLength(text);
  const times = Math.ceil(2e6 / size);
  const speeds: number[] = [];
  for (let round = 0; round < 3; round++) {
    const from = performance.now();
    for (let i = 0; i < times; i++) await ask([text]);
    speeds.push((size * times) / 1e3 / (performance.now() - from));
  }
  return Math.max(...speeds);
}

function print(name: string, value: number, unit: string, better = 'lower'): void {
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(3)), unit, better })}\n`);
}
