/** The facts about the workspace's files. */
import { z } from 'zod';
import { checkpointRefSchema, fileChangeSchema, skippedFileSchema } from './refs.ts';

/** The state of the workspace's files is kept. It comes some time behind the call that it belongs to. */
export const checkpointMadeSchema = z.object({
  type: z.literal('checkpoint.made'),
  checkpoint: checkpointRefSchema,
  /** `person`: changes that no call made. `restore`: files were put back. */
  kind: z.enum(['baseline', 'call', 'person', 'restore']),
  callId: z.string().exactOptional(),
  /** The turn whose files these are; 0 before the first. */
  turn: z.number().int().min(0),
  /** Of `restore`: the checkpoint whose files were put back. */
  restored: checkpointRefSchema.exactOptional(),
  /** Of `call`: its process ended before this was kept, so that what a person changed until then is among it. */
  cutOff: z.literal(true).exactOptional(),
  /** What is different from the checkpoint before; the first so many. */
  files: z.array(fileChangeSchema).readonly(),
  /** How many more there are. */
  moreFiles: z.number().int().min(0),
  /** What it does not hold; of `restore`: what could not be put back. */
  skipped: z.array(skippedFileSchema).readonly(),
});

/** From here on changes cannot be undone, or those of one call. */
export const checkpointFailedSchema = z.object({
  type: z.literal('checkpoint.failed'),
  callId: z.string().exactOptional(),
  reason: z.string(),
});
