/** The plan as a person changes it at the terminal: `/plan`, and what can stand behind it. */
import type { LiveRun } from '../runs/liveRun.ts';
import { planLines } from '../shared/describePlan.ts';

/** What can be done with the plan of a run. */
export type Planned = Pick<LiveRun, 'trajectory' | 'editPlan' | 'tickPlan'>;

/** What can stand behind `/plan`. */
export const planHelp =
  '/plan shows the plan; /plan add TEXT, /plan NUMBER TEXT, /plan drop NUMBER, /plan tick NUMBER and /plan open NUMBER change it.';

/** Does what stands behind `/plan`; gives back what there is to say to it. */
export function steerPlan(words: string, run: Planned): string | undefined {
  const { plan, settings } = run.trajectory();
  if (!plan) return settings?.plan === true ? 'There is no plan yet.' : 'This run makes no plan. Start it with --plan.';
  const items = plan.items.map(({ id, text }) => ({ id, text }));
  if (words === '') return items.length === 0 ? 'The plan is empty.' : planLines(plan).join('\n');
  const [, verb = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(words) ?? [];
  if (verb === 'add' && rest) {
    run.editPlan([...items, { id: 0, text: rest }]);
    return undefined;
  }
  const [number, text] = /^\d+$/.test(verb) ? [Number(verb), rest] : [Number(rest), ''];
  if (!items.some(({ id }) => id === number)) return planHelp;
  if (verb === 'tick' || verb === 'open') run.tickPlan(number, verb === 'tick');
  else if (verb === 'drop') run.editPlan(items.filter(({ id }) => id !== number));
  else if (text) run.editPlan(items.map((item) => (item.id === number ? { ...item, text } : item)));
  else return planHelp;
  return undefined;
}
