/** What was settled before the research, as the model reads it: the person's answers, and the plan. Byte-stable. */
import type { PlanItem } from '../shared/plan.ts';
import type { Question, Trajectory } from '../shared/trajectory.ts';

/** What a person said when they were asked back, behind the question; empty where nothing was answered. */
export function clarifiedText({ clarification }: Pick<Question, 'clarification'>): string {
  const { questions = [], answers = [] } = clarification ?? {};
  if (answers.length === 0) return '';
  const pairs = questions.map((question, index) => {
    const answer = (answers[index] ?? '').replaceAll('\n', '\n  ');
    return `- ${question}\n  ${answer || '(They left this open.)'}`;
  });
  return `\n\nThe person was asked back before the research, and said:\n${pairs.join('\n')}`;
}

/** The plan that the model made, behind the question; empty where there is none. */
export function plannedText({ plan }: Pick<Question, 'plan'>): string {
  if (!plan || plan.length === 0) return '';
  return `\n\nThe plan, as sub-questions. ${howToMark}\n${listedPlan(plan)}`;
}

/** The plan as it stands now, for a fresh attempt. */
export function planNowText({ plan }: Pick<Trajectory, 'plan'>): string {
  if (!plan || plan.items.length === 0) return '';
  return `\n\nThe plan as it stands, as sub-questions. ${howToMark}\n${listedPlan(plan.items)}`;
}

const howToMark = 'Mark an item with update_plan once what you have read settles it:';

/** The items that stay open, for the request for the answer; empty where there are none. */
export function openItemsText({ plan }: Pick<Trajectory, 'plan'>): string {
  const open = plan?.items.filter(({ done }) => !done) ?? [];
  if (open.length === 0) return '';
  return `\n\nThese items of the plan were not marked as settled. Where the answer rests on one that is open, say so:\n${listedPlan(open)}`;
}

/** One line an item, with the number by which it is named. */
export function listedPlan(items: readonly (PlanItem & { readonly done?: boolean })[]): string {
  return items.map(({ id, text, done }) => `${id}. ${text}${done === true ? ' (settled)' : ''}`).join('\n');
}
