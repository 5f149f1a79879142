/** What a run does next. A pure function of its trajectory: that is why resuming is simply running. */
import { openCalls, type Call, type Item, type Trajectory, type Turn } from '../shared/trajectory.ts';
import { answerText, boxedAnswer, citedSources } from './answer.ts';
import { exhausted } from './budget.ts';
import type { FactOf } from '../shared/events.ts';
import { splitThought } from '../shared/thought.ts';

/** Tries for a boxed answer (agent-protocol: final answer). */
const answerTries = 3;

/** One step of the loop. */
export type Step =
  | { readonly kind: 'think' }
  | { readonly kind: 'act'; readonly call: Call }
  | { readonly kind: 'askAnswer'; readonly reason: FactOf<'answer.requested'>['reason'] }
  | { readonly kind: 'answer'; readonly answer: Omit<FactOf<'answer.given'>, 'type'> }
  | { readonly kind: 'end'; readonly end: Omit<FactOf<'run.ended'>, 'type'> }
  | { readonly kind: 'done' };

/** The next step; `deterministic`: the model would only say the same again, so it gets one try for its answer. */
export function nextStep(trajectory: Trajectory, deterministic: boolean): Step {
  if (trajectory.state.kind === 'ended') return { kind: 'done' };
  const [call] = openCalls(trajectory);
  if (call) return { kind: 'act', call };
  const last = lastThatCounts(trajectory);
  if (last?.kind === 'answer') return { kind: 'end', end: { reason: 'answered' } };
  if (trajectory.answering) return afterAnswerRequest(trajectory, deterministic ? 1 : answerTries);
  if (last?.kind === 'turn' && last.calls.length === 0 && last.correction === undefined) {
    return { kind: 'askAnswer', reason: 'finished' };
  }
  const reason = exhausted(trajectory);
  return reason ? { kind: 'askAnswer', reason } : { kind: 'think' };
}

function lastThatCounts({ items }: Trajectory): Item | undefined {
  return items.findLast((item) => {
    const withdrawn = (item.kind === 'turn' || item.kind === 'answerRequest') && item.withdrawn;
    return item.kind !== 'rolledBack' && item.kind !== 'end' && !withdrawn;
  });
}

function afterAnswerRequest(trajectory: Trajectory, tries: number): Step {
  const last = lastThatCounts(trajectory);
  if (last?.kind !== 'turn') return { kind: 'think' };
  const boxed = boxedAnswer(splitThought(last.content).text);
  if (boxed !== undefined) return { kind: 'answer', answer: answerOf(last, boxed) };
  if (trajectory.answerTries < tries) return { kind: 'think' };
  const fallback = fallbackAnswer(trajectory);
  return fallback ? { kind: 'answer', answer: fallback } : withoutAnswer(trajectory);
}

/** The newest boxed answer seen during the loop serves when the request for the answer brought none. */
export function fallbackAnswer(trajectory: Trajectory): Omit<FactOf<'answer.given'>, 'type'> | undefined {
  const asked = trajectory.items.findLastIndex((item) => item.kind === 'question');
  for (const item of trajectory.items.slice(asked).toReversed()) {
    if (item.kind !== 'turn') continue;
    const boxed = boxedAnswer(splitThought(item.content).text);
    if (boxed !== undefined) return answerOf(item, boxed);
  }
  return undefined;
}

function withoutAnswer(trajectory: Trajectory): Step {
  const said = trajectory.items.findLast((item) => item.kind === 'turn');
  const words = said && answerText(said.content);
  const message = words ? `No answer was given. The model's last words: ${words}` : 'No answer was given.';
  return { kind: 'end', end: { reason: 'limit', message } };
}

function answerOf(turn: Turn, boxed: string): Omit<FactOf<'answer.given'>, 'type'> {
  const text = answerText(turn.content);
  return { boxed, text: text || boxed, sources: citedSources(text) };
}
