/** Broken arguments as models wrote them, from public threads and of our own. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const caseSchema = z.object({
  name: z.string(),
  /** The thread that it is taken from, or `own`. */
  source: z.string(),
  /** `heldOut`: never looked at while the parser was made, so that its figure is honest. */
  set: z.enum(['tuned', 'heldOut']),
  text: z.string(),
  /** What was meant; null where that cannot be known, so that it must be refused. */
  want: z.record(z.string(), z.unknown()).nullable(),
});

/** All cases; the data stand in brokenArguments.json. */
export const brokenArguments = z
  .array(caseSchema)
  .parse(JSON.parse(readFileSync(new URL('brokenArguments.json', import.meta.url), 'utf8')));
