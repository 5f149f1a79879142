/** The tool with which the model says what it has settled of the plan. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { listedPlan } from '../agent/settledText.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import type { PlanItem } from '../shared/plan.ts';

const input = z.object({
  item: z.number().int().positive().describe('The number of the item, as the plan gives it.'),
  done: z.boolean().default(true).describe('false: it turned out to be open after all.'),
  evidence: z
    .array(z.string())
    .default([])
    .describe('The addresses or paths that you read it in; empty: what you read since the last item.'),
});

/** The tool `update_plan`; `plan` gives the items in force and whether they are settled. */
export function updatePlanTool(plan: () => readonly (PlanItem & { readonly done: boolean })[]): Tool {
  return defineTool({
    server: 'plan',
    name: 'update_plan',
    description:
      'Mark an item of the plan as settled, once what you have read answers it, or as open again. The person sees the plan and its marks.',
    input,
    effect: 'read',
    run: async ({ item: id, done, evidence }) => {
      const items = plan();
      if (items.length === 0) throw new ToolError('There is no plan. Go on with the research.');
      if (!items.some((item) => item.id === id)) {
        throw new ToolError(`The plan has no item ${id}; it has ${items.map((item) => item.id).join(', ')}.`);
      }
      const now = items.map((item) => (item.id === id ? { ...item, done } : item));
      const text = items.find((item) => item.id === id)?.text ?? '';
      const said = `Item ${id} is ${done ? 'settled' : 'open'}: ${text}`;
      return {
        content: `${said}\n\nThe plan as it stands:\n${listedPlan(now)}`,
        ticked: { id, done, named: evidence },
      };
    },
  });
}
