/** What is settled before and beside the research: questions back to the person, and a plan of sub-questions. */
import { z } from 'zod';
import { evidenceRefSchema } from './evidence.ts';

/** The question is ambiguous: at most three short questions to the person. The run waits for their answer. */
export const clarificationAskedSchema = z.object({
  type: z.literal('clarification.asked'),
  questions: z.array(z.string()).readonly(),
});

/** The person's answers in order, an empty text for one that they left out; no answers: they skipped all. */
export const clarificationAnsweredSchema = z.object({
  type: z.literal('clarification.answered'),
  answers: z.array(z.string()).readonly(),
});

/** One sub-question; `id` stays when its text is edited. */
export const planItemSchema = z.object({ id: z.number().int().positive(), text: z.string() }).readonly();
export type PlanItem = z.infer<typeof planItemSchema>;

/** The plan from here on: as the model made it, or as a person edited it. */
export const planSetSchema = z.object({
  type: z.literal('plan.set'),
  by: z.enum(['model', 'person']),
  items: z.array(planItemSchema).readonly(),
});

/** Evidence for an item arrived; `done` false takes the tick away. */
export const planTickedSchema = z.object({
  type: z.literal('plan.ticked'),
  id: z.number().int().positive(),
  done: z.boolean(),
  evidence: z.array(evidenceRefSchema).readonly(),
});
