/** What a guard saw before its commands, written down while it lives: after a crash the next one moves away what came. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { heldPaths } from './mountPoints.ts';
import { findProtected, moveAway, type ProtectedPaths } from './protectedPaths.ts';
import { isAlive, stateBase } from './stateFolder.ts';

/** A guard's note of the workspace as it was. */
export interface BeforeNote {
  readonly write: (before: ProtectedPaths) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const foundSchema = z.object({ identity: z.string(), root: z.string(), link: z.string().exactOptional() });
const noteSchema = z.object({
  roots: z.array(z.string()),
  hidden: z.array(z.string()),
  before: z.array(z.tuple([z.string(), foundSchema])),
});

/** `notes` is the folder of the mount points' notes; these stand beside it. */
export function beforeNote(notes: string, roots: readonly string[], hidden: readonly string[]): BeforeNote {
  const name = `${process.pid}-${randomUUID()}`;
  const path = join(folderOf(notes), `${name}.json`);
  return {
    write: async (before) => {
      await mkdir(folderOf(notes), { recursive: true });
      // Whole or not at all: a crash must not leave half a note.
      await writeFile(`${path}.new`, JSON.stringify({ roots, hidden, before: [...before] }), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
    remove: () => rm(path, { force: true }),
  };
}

/** Cleans up after processes of ours that died while commands ran, in every workspace. */
export async function sweepLeftovers(): Promise<void> {
  await sweepNotes(join(await stateBase(), 'mountPoints'));
}

/** The same with the notes' folder given; says what it moved. */
export async function sweepNotes(notes: string): Promise<readonly string[]> {
  const folder = folderOf(notes);
  const said: string[] = [];
  const held = await heldPaths(notes);
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    // Ours from here on; if we die as well, the next one takes it over.
    const path = join(folder, `${process.pid}-${randomUUID()}.json`);
    const taken = await rename(join(folder, name), path).then(
      () => true,
      () => false,
    );
    if (!taken) continue;
    if (name.endsWith('.json')) said.push(...(await sweepOne(await readFile(path, 'utf8'), held)));
    await rm(path, { force: true });
  }
  return said;
}

async function sweepOne(text: string, held: ReadonlySet<string>): Promise<readonly string[]> {
  const note = readNote(text);
  if (!note) return [];
  const { roots, hidden, before } = note;
  const found = await findProtected(roots, hidden, new AbortController().signal);
  return moveAway(new Map(before), new Map([...found].filter(([path]) => !held.has(path))));
}

/** A note that is none (an older version's, say) is dropped. */
function readNote(text: string): z.infer<typeof noteSchema> | undefined {
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function folderOf(notes: string): string {
  return `${notes}.before`;
}
