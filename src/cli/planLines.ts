/** Facts about what was asked back and planned, as lines on a terminal. */
import type { EventOf } from '../shared/events.ts';
import { planLines, settledWords } from '../shared/describePlan.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { firstLine, type Paint } from './line.ts';

/** What a person said when they were asked back; nothing where they were not. */
export function clarifiedLines({ items }: Trajectory, paint: Paint): readonly string[] {
  const { questions = [], answers = [] } = items.findLast((item) => item.kind === 'question')?.clarification ?? {};
  const lines = questions.map((question, index) => {
    const answer = answers[index];
    return `     ${firstLine(question)} ${answer ? firstLine(answer) : paint('dim', 'left open')}`;
  });
  return lines.length > 0 ? [paint('cyan', 'Asked back:'), ...lines] : [];
}

/** The plan as it is now. */
export function plannedLines({ by }: EventOf<'plan.set'>, { plan }: Trajectory, paint: Paint): readonly string[] {
  if (!plan || plan.items.length === 0) return by === 'person' ? [paint('cyan', 'The plan was dropped.')] : [];
  const heading = by === 'person' ? 'The plan now:' : 'Plan:';
  return [paint('cyan', heading), ...planLines(plan).map((line) => `     ${firstLine(line)}`)];
}

/** A tick, and how far the plan is. */
export function tickedLines(
  { id, done }: EventOf<'plan.ticked'>,
  { plan }: Trajectory,
  paint: Paint,
): readonly string[] {
  const item = plan?.items.find((candidate) => candidate.id === id);
  if (!plan || !item) return [];
  const line = firstLine(`${id}. [${done ? 'x' : ' '}] ${item.text}`);
  return [`     ${paint(done ? 'green' : 'yellow', line)} ${paint('dim', `· ${settledWords(plan)}`)}`];
}
