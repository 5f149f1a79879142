/** Output of any length, stored beside the log while it comes. */
import type { OutputSink } from '../agent/tool.ts';
import { putBlob } from './putBlob.ts';

/** Opens a sink in a run's folder. Its file gets its name, the hash, at the end. */
export async function openOutputSink(runFolder: string): Promise<OutputSink> {
  const parts: string[] = [];
  return {
    push: (text) => {
      parts.push(text);
      return undefined;
    },
    end: async () => {
      const text = parts.join('');
      return text === '' ? undefined : { blob: await putBlob(runFolder, Buffer.from(text)), omittedBytes: 0 };
    },
    drop: async () => {
      parts.length = 0;
    },
  };
}
