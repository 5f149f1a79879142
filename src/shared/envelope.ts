/** The run envelope: what a run may do without anybody's word, beside its approval policy. */
import { z } from 'zod';

const patterns = z.array(z.string().min(1).max(1_000)).readonly();

/** `deny` goes before `ask`, and `ask` before `allow`; what no rule names is left to the approval policy. */
export const rulesSchema = z.object({ allow: patterns, ask: patterns, deny: patterns }).readonly();
export type Rules = z.infer<typeof rulesSchema>;

/** Rules that only narrow. */
const narrowingSchema = z.object({ ask: patterns, deny: patterns }).readonly();
export type NarrowingRules = z.infer<typeof narrowingSchema>;

/**
 * Rules for tools are names, `read_file`, `workspace.read_file`, with `*` for any part. Rules for commands are the first words
 * of a simple command, `git log`, and hold for every simple command of a line.
 */
export const envelopeSchema = z
  .object({
    tools: rulesSchema,
    commands: rulesSchema,
    /** What the repository narrows: its rules, and in `words` all that it changed, for the person. */
    repository: z
      .object({ tools: narrowingSchema, commands: narrowingSchema, words: z.array(z.string()).readonly() })
      .readonly()
      .exactOptional(),
  })
  .readonly();
export type Envelope = z.infer<typeof envelopeSchema>;

/** No rule. */
export const noRules: Rules = { allow: [], ask: [], deny: [] };

/** An envelope without rules: the approval policy alone decides. */
export const plainEnvelope: Envelope = { tools: noRules, commands: noRules };
