/** What the calls of a run put out, found in its facts and read beside its log. */
import type { EventOf, TrajectoryEvent } from '../shared/events.ts';
import type { BlobRef } from '../shared/refs.ts';
import { openBlob } from '../store/blobs.ts';
import { ToolError, UserError } from '../agent/errors.ts';
import { observationLimit, sandboxLimit } from '../agent/tool.ts';
import type { Outputs, StoredCall } from '../tools/readOutput.ts';
import type { StoredText } from '../tools/storedText.ts';

/** The outputs of one run, once it is known. */
export interface RunOutputs extends Outputs {
  /** From now on it is this run; its facts include those of the runs that it is a fork of. */
  readonly follow: (runFolder: string, events: () => readonly TrajectoryEvent[]) => void;
}

const chunkBytes = 256 * 1024;
const marks = [observationLimit.mark, sandboxLimit.mark];

/** Knows nothing until it follows a run. */
export function runOutputs(): RunOutputs {
  let followed: { readonly runFolder: string; readonly events: () => readonly TrajectoryEvent[] } | undefined;
  return {
    follow: (runFolder, events) => (followed = { runFolder, events }),
    calls: () => storedCalls(followed?.events() ?? []),
    open: async (callId) => {
      const finished = followed?.events().findLast((event) => isEndOf(event, callId));
      if (!followed || finished?.type !== 'tool.finished') throw new ToolError(`There is no call ${callId}.`);
      return openOutput(followed.runFolder, finished);
    },
  };
}

function isEndOf(event: TrajectoryEvent, callId: string): boolean {
  return event.type === 'tool.finished' && event.callId === callId;
}

function storedCalls(events: readonly TrajectoryEvent[]): readonly StoredCall[] {
  const tools = new Map<string, string>();
  const calls = new Map<string, StoredCall>();
  for (const event of events) {
    if (event.type === 'tool.started') tools.set(event.callId, event.tool);
    if (event.type !== 'tool.finished') continue;
    const { callId, content, output, blob, omittedBytes = 0 } = event;
    const sizeBytes = output?.sizeBytes ?? Buffer.byteLength(content) + (blob?.sizeBytes ?? 0);
    const tool = tools.get(callId) ?? 'unknown';
    calls.set(callId, { callId, tool, sizeBytes, long: (output ?? blob) !== undefined, omittedBytes });
  }
  return [...calls.values()];
}

/** The stored output, else what the model was shown and, where that was cut, the rest. */
async function openOutput(runFolder: string, { content, output, blob }: EventOf<'tool.finished'>): Promise<StoredText> {
  const stored = output ?? blob;
  if (!stored)
    return {
      chunks: async function* () {
        yield Buffer.from(content);
      },
      close: async () => undefined,
    };
  const mark = marks.find((each) => content.endsWith(each)) ?? '';
  const shown = output ? '' : content.slice(0, content.length - mark.length);
  return withBlob(runFolder, stored, shown);
}

async function withBlob(runFolder: string, ref: BlobRef, before: string): Promise<StoredText> {
  const handle = await openBlob(runFolder, ref).catch((error: unknown) => {
    throw error instanceof UserError ? new ToolError(error.message) : error;
  });
  return {
    chunks: async function* () {
      if (before !== '') yield Buffer.from(before);
      for (let at = 0; ;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, at);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    },
    close: () => handle.close(),
  };
}
