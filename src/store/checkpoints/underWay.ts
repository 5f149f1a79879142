/** The call that writes, noted beside what is kept until its changes are: the process may end at any moment. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const callSchema = z.object({ callId: z.string(), turn: z.number().int().min(0) });

/** Who writes. */
export type CallUnderWay = Readonly<z.infer<typeof callSchema>>;

/** Notes the call that begins to write, in the place of the one before. */
export async function noteUnderWay(runsFolder: string, runId: string, { callId, turn }: CallUnderWay): Promise<void> {
  await writeFile(placeIn(runsFolder, runId), JSON.stringify({ callId, turn }), { mode: 0o600 });
}

/** What it changed is kept. */
export async function clearUnderWay(runsFolder: string, runId: string): Promise<void> {
  await rm(placeIn(runsFolder, runId), { force: true });
}

/** The call whose changes are not kept; undefined when all are, or the note is half written: then it had not begun. */
export async function callUnderWay(runsFolder: string, runId: string): Promise<CallUnderWay | undefined> {
  try {
    return callSchema.parse(JSON.parse(await readFile(placeIn(runsFolder, runId), 'utf8')));
  } catch {
    return undefined;
  }
}

function placeIn(runsFolder: string, runId: string): string {
  return join(runsFolder, runId, 'checkpoints', 'under-way.json');
}
