/** What is settled before and beside the research: questions back to the person, and a plan of sub-questions. */
import { z } from 'zod';
import { evidenceRefSchema, type EvidenceRef } from './evidence.ts';
import { usageSchema } from './usage.ts';

/** At most three short questions to the person, whose answer the run waits for; none where the question is clear. */
export const clarificationAskedSchema = z.object({
  type: z.literal('clarification.asked'),
  questions: z.array(z.string()).readonly(),
  /** What asking the model for them cost. */
  usage: usageSchema.exactOptional(),
});

/** The person's answers in order, an empty text for one that they left out; no answers: they skipped all. */
export const clarificationAnsweredSchema = z.object({
  type: z.literal('clarification.answered'),
  answers: z.array(z.string()).readonly(),
});

/** One sub-question; `id` stays when its text is edited. */
export const planItemSchema = z.object({ id: z.number().int().positive(), text: z.string() }).readonly();
export type PlanItem = z.infer<typeof planItemSchema>;

/** The plan from here on: as the model made it (empty: it made none), or as a person edited it. */
export const planSetSchema = z.object({
  type: z.literal('plan.set'),
  by: z.enum(['model', 'person']),
  items: z.array(planItemSchema).readonly(),
  /** What asking the model for it cost. */
  usage: usageSchema.exactOptional(),
});

/** Evidence for an item arrived; `done` false takes the tick away. */
export const planTickedSchema = z.object({
  type: z.literal('plan.ticked'),
  id: z.number().int().positive(),
  done: z.boolean(),
  evidence: z.array(evidenceRefSchema).readonly(),
});

/** A sub-question and what was found on it. */
export interface PlannedItem extends PlanItem {
  readonly done: boolean;
  readonly evidence: readonly EvidenceRef[];
}

/** The plan in force. */
export interface Plan {
  readonly by: 'model' | 'person';
  readonly items: readonly PlannedItem[];
  /** The highest number that an item of this plan ever had: those of removed ones are not given again. */
  readonly lastId: number;
}
