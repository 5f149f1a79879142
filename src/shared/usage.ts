/** What a reply cost. */
import { z } from 'zod';

/** Token counts as the server gave them, or as they were estimated. */
export const usageSchema = z
  .object({
    promptTokens: z.number().int().min(0),
    completionTokens: z.number().int().min(0),
    cachedTokens: z.number().int().min(0).exactOptional(),
    /** Counted by us: the server tells none, or the stream was stopped before it could. */
    estimated: z.literal(true).exactOptional(),
  })
  .readonly();
export type Usage = z.infer<typeof usageSchema>;
