/** The thread that reads documents: {input} → {document}, or {problem} in words for the model. */
import { parentPort } from 'node:worker_threads';
import { messageOf, ToolError } from '../../agent/errors.ts';
import { isRecord } from '../../shared/json.ts';
import type { DocumentInput } from './document.ts';
import { readBytes } from './readBytes.ts';

parentPort?.on('message', (asked: unknown) => {
  if (!isRecord(asked) || !isInput(asked['input'])) throw new Error('what is asked for is no document');
  readBytes(asked['input']).then(
    (document) => parentPort?.postMessage({ document }),
    (error: unknown) => {
      const problem =
        error instanceof ToolError ? error.message : `The document could not be read: ${messageOf(error)}`;
      parentPort?.postMessage({ problem });
    },
  );
});

function isInput(value: unknown): value is DocumentInput {
  return isRecord(value) && value['bytes'] instanceof Uint8Array && typeof value['name'] === 'string';
}
