/** The plan: sub-questions that the model sets up before its research, and a person may change at any time. */
import type { Fact } from '../shared/events.ts';
import type { PlanItem } from '../shared/plan.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { askAside, earlierWords, linesOf } from './aside.ts';
import type { Going } from './going.ts';
import { glimpses } from './attached.ts';
import { questionText } from './messages.ts';
import { clarifiedText, listedPlan } from './settledText.ts';

/** Items of a plan that the model makes. */
const fewest = 2;
const most = 7;
const maxChars = 300;

const system = `You plan the research on a question for a research agent. You do not answer it. You split it into ${fewest} to ${most} sub-questions, in the order in which they are best worked on, such that whoever has settled all of them can answer the question. Each is one short line that says what is to be found out, in the language of the question. Later ones may rest on what earlier ones bring. A question that is one small step has no plan.

Reply with one JSON object and nothing else:

{"plan": ["first sub-question", "second sub-question"]}`;

/** Asks the model for the plan of the newest question and records it; an empty one where it made none. */
export async function makePlan(going: Going, signal: AbortSignal): Promise<void> {
  const trajectory = going.trajectory();
  const question = trajectory.items.findLast((item) => item.kind === 'question');
  if (!question) return;
  const { tools } = trajectory;
  const asked = `${questionText(question.question, question.mentions, glimpses(question.attachments))}${clarifiedText(question)}`;
  const can = tools.length === 0 ? '' : `\n\nThe agent's tools: ${tools.map(({ name }) => name).join(', ')}.`;
  const user = `The question:\n\n${asked}${earlierWords(trajectory)}${can}`;
  const { value, usage } = await askAside({ system, user }, going, signal);
  const lines = linesOf(value?.['plan'], maxChars).slice(0, most);
  const items = lines.length < fewest ? [] : lines.map((text, index) => ({ id: index + 1, text }));
  await going.record({ type: 'plan.set', by: 'model', items, ...(usage && { usage }) });
}

/** What a person's change of the plan becomes: the plan, and a word to the model. New items have the id 0. */
export function planEdited({ plan }: Trajectory, wanted: readonly PlanItem[], afterTurn: number): readonly Fact[] {
  const before = plan?.items ?? [];
  const known = new Set(before.map(({ id }) => id));
  let last = plan?.lastId ?? 0;
  const items = wanted.flatMap(({ id, text }) => {
    const line = text.replace(/\s+/g, ' ').trim();
    return line ? [{ id: known.delete(id) ? id : ++last, text: line.slice(0, maxPersonsChars) }] : [];
  });
  if (listedPlan(items) === listedPlan(before.map(({ id, text }) => ({ id, text })))) return [];
  const done = new Set(before.flatMap((item) => (item.done ? [item.id] : [])));
  const now = items.map((item) => ({ ...item, done: done.has(item.id) }));
  const text =
    items.length === 0 ? 'I dropped the plan.' : `I changed the plan. From here on it is:\n${listedPlan(now)}`;
  return [
    { type: 'plan.set', by: 'person', items },
    { type: 'note.added', text, afterTurn },
  ];
}

const maxPersonsChars = 1_000;

/** What a person's tick becomes; none where it is so already, or there is no such item. */
export function planTicked({ plan }: Trajectory, id: number, done: boolean, afterTurn: number): readonly Fact[] {
  const item = plan?.items.find((candidate) => candidate.id === id);
  if (!item || item.done === done) return [];
  const text = done
    ? `I marked item ${id} of the plan as settled: ${item.text}`
    : `Item ${id} of the plan is open again: ${item.text}`;
  return [
    { type: 'plan.ticked', id, done, evidence: done ? item.evidence : [] },
    { type: 'note.added', text, afterTurn },
  ];
}
