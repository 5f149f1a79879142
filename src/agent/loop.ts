/** Think, act, observe: the loop. It reads a trajectory, appends facts, and ends with the run. */
import type { Fact, FactOf, ResearchEnd } from '../shared/events.ts';
import { fold, openCalls, type Trajectory } from '../shared/trajectory.ts';
import { act, type Acting } from './act.ts';
import { attemptEnd, attemptStart } from './attempts.ts';
import { answerMsLeft, researchMsLeft } from './budget.ts';
import { awaitAnswers, clarify } from './clarify.ts';
import { checkCitations } from './checkCitations.ts';
import { Interruption, ModelError, UserError, messageOf } from './errors.ts';
import type { Going, Ports } from './going.ts';
import { makePlan, planEdited, planTicked } from './planning.ts';
import { answerRequest, reportRequest } from './requests.ts';
import type { Steer } from './steering.ts';
import { fallbackAnswer, nextStep, type Step } from './steps.ts';
import { turn } from './turn.ts';

/**
 * Runs from any trajectory to its end and gives back the last one. Ends with the fact `run.ended` whatever happens, unless
 * the log itself cannot be written: then it throws. Aborting the signal ends the run as cancelled; with an Interruption as
 * the reason it only loses its open calls, has no end and can be resumed.
 */
export async function run(from: Trajectory, ports: Ports, signal: AbortSignal): Promise<Trajectory> {
  let trajectory = from;
  let asking = false;
  let hurry: ResearchEnd | undefined;
  let late: boolean | undefined;
  let step = new AbortController();
  const broken = new AbortController();
  let recorded: Promise<unknown> = Promise.resolve();
  const append = async (facts: readonly Fact[]) => {
    if (facts.length === 0) return;
    for (const event of await ports.log.append(...facts)) {
      trajectory = fold(trajectory, event);
      ports.onEvent(event, trajectory);
    }
  };
  const recordWhat = (facts: () => readonly Fact[]) => {
    const written = recorded.then(() => append(facts()));
    recorded = written.catch(() => undefined);
    return written;
  };
  const record = (...facts: readonly Fact[]) => recordWhat(() => facts);
  const stopResearch = (reason: ResearchEnd) => {
    const newest = trajectory.items.findLast(({ kind }) => kind !== 'restore' && kind !== 'checkpointFailed');
    const over = trajectory.state.kind === 'ended' || newest?.kind === 'answer';
    if (trajectory.asked === 'answer' || over) return;
    hurry = reason;
    step.abort(new Hurry());
  };
  const stopListening = ports.steering.listen((steer) => {
    if (steer.kind === 'answer') stopResearch('asked');
    else {
      const afterTurn = trajectory.turns + (asking ? 1 : 0);
      recordWhat(() => saidFacts(steer, trajectory, afterTurn)).catch((error: unknown) => broken.abort(error));
    }
  });
  const { tools, approval, checkpoints, log, clock, report } = ports;
  const stopCheckpoints = checkpoints.listen((fact) => record(fact));
  const acting: Acting = {
    tools,
    approval,
    checkpoints,
    log,
    model: ports.model,
    clock,
    record,
    allowedForRun: new Set(),
    begun: new Set(),
    report,
  };
  const going: Going = { ports, acting, trajectory: () => trajectory, record, asking: (under) => (asking = under) };
  const all = AbortSignal.any([signal, broken.signal]);
  try {
    for (;;) {
      all.throwIfAborted();
      step = new AbortController();
      const stepSignal = AbortSignal.any([all, step.signal]);
      try {
        if (late) {
          late = false;
          await record(...withoutFurtherWait(trajectory));
        }
        if (hurry !== undefined) {
          const reason = hurry;
          hurry = undefined;
          await record(...cancelled(trajectory, ports, hurried[reason] ?? ''), answerRequest(trajectory, reason));
        }
        await pausing(going, stepSignal);
        // What is said while this waits is waited for too: the next prompt has it, or knows nothing of it.
        for (let seen: unknown; seen !== recorded; await seen) seen = recorded;
        const next = nextStep(trajectory, { deterministic: ports.model.deterministic, now: clock.now() });
        if (next.kind === 'done') return trajectory;
        if (next.kind === 'end') await checkpoints.settled();
        const stopAlarm = alarm(going, next, () => {
          if (trajectory.asked === undefined) stopResearch('minutes');
          else {
            late = true;
            step.abort(new Hurry());
          }
        });
        await perform(next, going, stepSignal).finally(stopAlarm);
      } catch (error) {
        all.throwIfAborted();
        if (hurry === undefined && !late) throw error;
      }
    }
  } catch (error) {
    await checkpoints.settled();
    await recorded;
    broken.signal.throwIfAborted();
    const facts = ending(error, trajectory, ports, signal);
    if (facts.length > 0) await record(...facts);
    return trajectory;
  } finally {
    stopCheckpoints();
    stopListening();
  }
}

function saidFacts(
  steer: Exclude<Steer, { kind: 'answer' }>,
  trajectory: Trajectory,
  afterTurn: number,
): readonly Fact[] {
  switch (steer.kind) {
    case 'note':
      return [{ type: 'note.added', text: steer.text, afterTurn }];
    case 'question':
      return [queuedQuestion(steer)];
    case 'plan':
      return planEdited(trajectory, steer.items, afterTurn);
    case 'tick':
      return planTicked(trajectory, steer.id, steer.done, afterTurn);
  }
}

/** The research has to make way for the answer: the step under way is given up. */
class Hurry extends Error {
  override readonly name = 'Hurry';
}

const hurried: Partial<Record<ResearchEnd, string>> = {
  asked: 'The person asked for the answer now; this call was stopped.',
  minutes: 'The time for this question is used up; this call was stopped.',
};

async function pausing({ ports, record }: Going, signal: AbortSignal): Promise<void> {
  if (!ports.steering.paused()) return;
  await record({ type: 'run.paused' });
  try {
    await ports.steering.untilContinued(signal);
  } finally {
    if (!ports.steering.paused()) await record({ type: 'run.continued' });
  }
}

/**
 * Rings when the time for research, or for the answer, is used up. Time in which a person is waited for does not count, so it
 * is set anew then.
 */
function alarm({ trajectory, ports: { clock } }: Going, { kind }: Step, ring: () => void): () => void {
  if (kind !== 'think' && kind !== 'act' && kind !== 'clarify' && kind !== 'plan') return () => undefined;
  let stop = (): void => undefined;
  const leftMs = () => {
    const now = trajectory();
    if (now.asked === undefined) return researchMsLeft(now, clock.now());
    return answerMsLeft(now, clock.now(), fallbackAnswer(now) !== undefined);
  };
  const set = () => {
    const left = leftMs();
    if (!Number.isFinite(left)) return;
    stop = clock.alarm(Math.max(shortestAlarmMs, left), () => {
      if (leftMs() <= 0) ring();
      else set();
    });
  };
  set();
  return () => {
    stop();
  };
}

/** The end of an answer, or of a report, that takes too long: what was seen before serves. */
function withoutFurtherWait(trajectory: Trajectory): readonly Fact[] {
  if (trajectory.asked === 'report') return [answerRequest(trajectory, 'minutes')];
  const fallback = fallbackAnswer(trajectory);
  if (fallback) return [{ type: 'answer.given', ...fallback }];
  const message = 'The time for this question was used up before the model gave an answer. Resume the run to go on.';
  return [{ type: 'run.ended', reason: 'limit', message }];
}

const shortestAlarmMs = 250;

async function perform(step: Exclude<Step, { kind: 'done' }>, going: Going, signal: AbortSignal): Promise<void> {
  const { record, acting } = going;
  const trajectory = going.trajectory();
  switch (step.kind) {
    case 'clarify':
      return clarify(going, signal);
    case 'awaitAnswers':
      return awaitAnswers(step.questions, going, signal);
    case 'plan':
      return makePlan(going, signal);
    case 'think':
      return turn(going, signal);
    case 'act':
      return act(trajectory, step.call, acting, signal);
    case 'skip':
      return record(
        finishedUnmade(step.call.callId, 'cancelled', 'The limit of calls was reached; this call was not made.', 0),
      );
    case 'askAnswer':
      return record(answerRequest(trajectory, step.reason));
    case 'askReport':
      return record(reportRequest(step.reason));
    case 'endAttempt':
      return record(attemptEnd(trajectory, step.report));
    case 'nextAttempt':
      return record(attemptStart(trajectory));
    case 'answer':
      return record({ type: 'answer.given', ...step.answer });
    case 'checkCitations':
      return record(await checkCitations(trajectory, going.ports.log.readText, signal));
    case 'askNext':
      return record({ type: 'question.asked', ...step.question });
    case 'end':
      return record({ type: 'run.ended', ...step.end });
  }
}

function queuedQuestion({ kind: _kind, ...asked }: Extract<Steer, { kind: 'question' }>): FactOf<'question.queued'> {
  return { type: 'question.queued', ...asked };
}

function finishedUnmade(callId: string, outcome: 'cancelled' | 'lost', content: string, durationMs: number) {
  return { type: 'tool.finished', callId, outcome, content, truncated: false, durationMs } as const;
}

/** The end of every call that is still open. */
function cancelled(
  trajectory: Trajectory,
  { clock }: Ports,
  content: string,
  outcome: 'cancelled' | 'lost' = 'cancelled',
) {
  return openCalls(trajectory).map(({ callId, startedAt }) =>
    finishedUnmade(callId, outcome, content, startedAt === undefined ? 0 : clock.now() - startedAt),
  );
}

/** The last facts of a run that was stopped or that failed. */
function ending(error: unknown, trajectory: Trajectory, ports: Ports, signal: AbortSignal): readonly Fact[] {
  if (signal.aborted && signal.reason instanceof Interruption) {
    return cancelled(trajectory, ports, 'The run was interrupted while this call ran; its outcome is unknown.', 'lost');
  }
  if (signal.aborted) {
    return [...cancelled(trajectory, ports, 'The person stopped the run.'), { type: 'run.ended', reason: 'cancelled' }];
  }
  const expected = error instanceof ModelError || error instanceof UserError;
  if (!expected) ports.report(error);
  const message = expected ? error.message : `Something went wrong inside MiroThinker: ${messageOf(error)}`;
  const lost = cancelled(trajectory, ports, 'The run ended before this call did.', 'lost');
  return [...lost, { type: 'run.ended', reason: 'failed', message }];
}
