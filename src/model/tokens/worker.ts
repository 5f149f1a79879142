/** The thread that counts: {id, texts} → {id, counts}, in order. What goes wrong ends it, and `tokenCounter` tells why. */
import { parentPort } from 'node:worker_threads';
import { isRecord } from '../../shared/json.ts';
import { textCounter } from './count.ts';
import { loadMerges } from './merges.ts';

const count = textCounter(await loadMerges());
parentPort?.on('message', (asked: unknown) => {
  if (!isRecord(asked) || !isTexts(asked['texts'])) throw new Error('what is asked for is no list of texts');
  parentPort?.postMessage({ id: asked['id'], counts: asked['texts'].map(count) });
});

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
