/**
 * What an interpreter may let us note beside its result. It only counts: the words are ours, so that code which answers in its
 * place puts none of its own into our mouth. What went wrong in detail stands in the code's own stderr.
 */
import { z } from 'zod';
import { countOf } from '../shared/quantities.ts';

const count = z.number().int().min(0).max(1_000_000);

/** What is counted. */
export const pythonNotesSchema = z.strictObject({
  /** Whether the working directory was gone, and is the first one again. */
  moved: z.boolean(),
  /** Values that promise a picture and gave none. */
  unmade: count,
  /** Figures that could not be drawn. */
  undrawn: count,
  /** Pictures that could not be written to a file. */
  unsaved: count,
});

export type PythonNotes = z.infer<typeof pythonNotesSchema>;

/** Nothing to note. */
export const noPythonNotes: PythonNotes = { moved: false, unmade: 0, undrawn: 0, unsaved: 0 };

/** A sentence for each kind. `start`: where the interpreter starts. */
export function pythonNoteWords({ moved, unmade, undrawn, unsaved }: PythonNotes, start: string): readonly string[] {
  return [
    moved ? `The working directory is gone; it is ${start} again.` : '',
    unmade > 0 ? `${countOf(unmade, 'value')} gave no picture; the reason is in stderr.` : '',
    undrawn > 0 ? `${countOf(undrawn, 'figure')} could not be drawn; the reason is in stderr.` : '',
    unsaved > 0 ? `${countOf(unsaved, 'picture')} could not be saved as a file; the reason is in stderr.` : '',
  ].filter((words) => words !== '');
}
