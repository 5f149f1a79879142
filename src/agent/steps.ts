/** What a run does next. A pure function of its trajectory and the time: that is why resuming is simply running. */
import type { FactOf, ResearchEnd } from '../shared/events.ts';
import { splitThought } from '../shared/thought.ts';
import { openCalls, type Call, type Item, type Question, type Trajectory, type Turn } from '../shared/trajectory.ts';
import { answerText, boxedAnswer, citedSources } from './answer.ts';
import { exhausted } from './budget.ts';
import { wantsCheck } from './checkCitations.ts';
import { settlingStep, type SettlingStep } from './settling.ts';

/** Tries for a boxed answer (agent-protocol: final answer). */
const answerTries = 3;

/** One step of the loop. */
export type Step =
  | SettlingStep
  | { readonly kind: 'think' }
  | { readonly kind: 'act'; readonly call: Call }
  /** A call beyond the limit of calls: it is not made. */
  | { readonly kind: 'skip'; readonly call: Call }
  | { readonly kind: 'askAnswer'; readonly reason: ResearchEnd }
  | { readonly kind: 'askReport'; readonly reason: ResearchEnd }
  /** The report is there: its text. */
  | { readonly kind: 'endAttempt'; readonly report: string }
  | { readonly kind: 'nextAttempt' }
  | { readonly kind: 'answer'; readonly answer: Omit<FactOf<'answer.given'>, 'type'> }
  /** The answer is there: its citations are held against what was read. */
  | { readonly kind: 'checkCitations' }
  | { readonly kind: 'askNext'; readonly question: Pick<Question, 'question' | 'mentions' | 'attachments'> }
  | { readonly kind: 'end'; readonly end: Omit<FactOf<'run.ended'>, 'type'> }
  | { readonly kind: 'done' };

/** What a step depends on beside the trajectory. */
export interface Circumstances {
  /** The model would only say the same again, so it gets one try for its answer. */
  readonly deterministic: boolean;
  /** In ms since the epoch. */
  readonly now: number;
}

/** The next step. */
export function nextStep(trajectory: Trajectory, { deterministic, now }: Circumstances): Step {
  if (trajectory.state.kind === 'ended') return { kind: 'done' };
  const open = openCalls(trajectory);
  const [call] = open;
  if (call) return { kind: beyondLimit(trajectory, open.length) ? 'skip' : 'act', call };
  const last = lastThatCounts(trajectory);
  if (last?.kind === 'answer' && wantsCheck(last)) return { kind: 'checkCitations' };
  if (last?.kind === 'answer') return ending(trajectory, { kind: 'end', end: { reason: 'answered' } });
  if (last?.kind === 'attemptEnd') return { kind: 'nextAttempt' };
  if (trajectory.asked === 'report') return afterReportRequest(last);
  if (trajectory.asked === 'answer')
    return afterAnswerRequest(trajectory, last, { tries: deterministic ? 1 : answerTries, now });
  if (last?.kind === 'turn' && last.calls.length === 0 && last.correction === undefined) {
    return { kind: 'askAnswer', reason: 'finished' };
  }
  const settling = settlingStep(trajectory);
  if (settling) return settling;
  const reason = exhausted(trajectory, now);
  return reason ? stopResearch(trajectory, reason) : { kind: 'think' };
}

/** How the research stops: an attempt that another may follow gives a report, the last one its answer. */
export function stopResearch(trajectory: Trajectory, reason: ResearchEnd): Step {
  const { settings, attempt } = trajectory;
  const again = reason === 'turns' || reason === 'context' || reason === 'noAnswer';
  return { kind: again && attempt < (settings?.attempts ?? 1) ? 'askReport' : 'askAnswer', reason };
}

function beyondLimit({ settings, callsOfQuestion }: Trajectory, open: number): boolean {
  return settings !== undefined && callsOfQuestion - open >= settings.maxCalls;
}

function lastThatCounts({ items }: Trajectory): Item | undefined {
  return items.findLast((item) => {
    switch (item.kind) {
      case 'turn':
        return item.withdrawn !== true && !item.undone;
      case 'answerRequest':
      case 'reportRequest':
        return item.withdrawn !== true;
      case 'question':
      case 'note':
      case 'answer':
      case 'attempt':
      case 'attemptEnd':
        return true;
      case 'rolledBack':
      case 'end':
      case 'narrowed':
      case 'window':
      case 'format':
      case 'changed':
      case 'fork':
      case 'restore':
      case 'checkpointFailed':
        return false;
    }
  });
}

function afterReportRequest(last: Item | undefined): Step {
  return last?.kind === 'turn' ? { kind: 'endAttempt', report: last.content } : { kind: 'think' };
}

function afterAnswerRequest(
  trajectory: Trajectory,
  last: Item | undefined,
  { tries, now }: { readonly tries: number; readonly now: number },
): Step {
  if (last?.kind !== 'turn') return { kind: 'think' };
  const boxed = boxedAnswer(splitThought(last.content).text);
  if (boxed !== undefined) return { kind: 'answer', answer: answerOf(last, boxed) };
  if (trajectory.answerTries < tries) return { kind: 'think' };
  // Only where the research ended by itself: a budget that is used up, or a person who asked, begins no other attempt.
  const request = trajectory.items.findLast((item) => item.kind === 'answerRequest');
  const byItself = request?.kind === 'answerRequest' && request.reason === 'finished';
  const another = byItself && !exhausted(trajectory, now) ? stopResearch(trajectory, 'noAnswer') : undefined;
  if (another?.kind === 'askReport') return another;
  const fallback = fallbackAnswer(trajectory);
  return fallback ? { kind: 'answer', answer: fallback } : ending(trajectory, withoutAnswer(trajectory));
}

/** A question that waits is asked in place of an end. */
function ending({ queue }: Trajectory, end: Step): Step {
  const [question] = queue;
  return question ? { kind: 'askNext', question } : end;
}

/** The newest boxed answer seen during the loop serves when the request for the answer brought none. */
export function fallbackAnswer(trajectory: Trajectory): Omit<FactOf<'answer.given'>, 'type'> | undefined {
  const asked = trajectory.items.findLastIndex((item) => item.kind === 'question');
  for (const item of trajectory.items.slice(asked).toReversed()) {
    if (item.kind !== 'turn' || item.undone) continue;
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
