/** A trajectory: what a log's facts amount to. The host, the webview and the exporters fold with this one function. */
import type { EventOf, TrajectoryEvent, Usage } from './events.ts';
import { changesOf } from './changes.ts';
import { withCheckpoint } from './foldCheckpoint.ts';
import { withFinding } from './foldFindings.ts';
import { joinNotes, spentWith, withCall, questionItem, withTurn, withdrawn } from './itemChanges.ts';
import type { Call, Item, Note, RunState, Trajectory, Turn } from './items.ts';

export type * from './items.ts';

/** The trajectory of a log without any fact. */
export const emptyTrajectory: Trajectory = {
  count: 0,
  runId: '',
  model: '',
  baseUrl: '',
  toolFormat: 'mcp-xml',
  system: '',
  tools: [],
  items: [],
  state: { kind: 'empty' },
  turns: 0,
  attempt: 1,
  turnsOfAttempt: 0,
  rollbacksOfAttempt: 0,
  rollbacksInARow: 0,
  callsOfQuestion: 0,
  answerTries: 0,
  narrowed: { maskedResults: 0, droppedThoughts: 0 },
  spent: { promptTokens: 0, completionTokens: 0 },
  workedMs: 0,
  lastAt: 0,
  queue: [],
  checkpoints: [],
  pendingNotes: [],
};

const newAttempt = {
  turnsOfAttempt: 0,
  rollbacksOfAttempt: 0,
  rollbacksInARow: 0,
  answerTries: 0,
} as const;

const newQuestion = {
  ...newAttempt,
  attempt: 1,
  callsOfQuestion: 0,
  spent: { promptTokens: 0, completionTokens: 0 },
  workedMs: 0,
} as const;

/** The trajectory after one more fact. Pure; shares what did not change. */
export function fold(trajectory: Trajectory, event: TrajectoryEvent): Trajectory {
  const { seq, at } = event;
  const workedMs = workedMsAt(trajectory, at);
  const t = { ...trajectory, count: seq + 1, lastAt: at, workedMs };
  const thinking: RunState = { kind: 'thinking', since: at };
  switch (event.type) {
    case 'run.started': {
      const { runId, model, baseUrl, toolFormat, settings, system, tools } = event;
      const items: Item[] = [questionItem(event)];
      return { ...t, runId, start: event, model, baseUrl, toolFormat, settings, system, tools, items, state: thinking };
    }
    case 'run.forked': {
      const { runId, parent } = event;
      const fork: Item = { kind: 'fork', seq, at, parent };
      return { ...goingOn({ ...trajectory, items: [...trajectory.items, fork] }, event), runId, queue: [] };
    }
    case 'run.resumed':
      return goingOn(trajectory, event);
    case 'format.changed': {
      const { toolFormat, system, reason } = event;
      const items: Item[] = [...t.items, { kind: 'format', seq, at, toolFormat, reason }];
      return { ...t, toolFormat, system, items, state: thinking };
    }
    case 'question.asked': {
      const items: Item[] = [...t.items, questionItem(event)];
      const [next] = t.queue;
      const queue = next?.question === event.question ? t.queue.slice(1) : t.queue;
      const { plan: _plan, ...unplanned } = unasked(t);
      return { ...unplanned, ...newQuestion, items, queue, state: thinking };
    }
    case 'question.queued': {
      const { type: _type, seq: _seq, at: _at, ...queued } = event;
      return { ...t, queue: [...t.queue, queued] };
    }
    case 'note.added': {
      const { text, afterTurn } = event;
      const note: Note = { kind: 'note', seq, at, text, afterTurn };
      if (afterTurn > t.turns) return { ...t, pendingNotes: [...t.pendingNotes, note] };
      return { ...t, items: [...t.items, note] };
    }
    case 'run.paused':
      return { ...t, state: { kind: 'paused', since: at } };
    case 'run.continued':
      return { ...t, state: thinking };
    case 'run.waiting': {
      const { reason, nextTryAt } = event;
      const since = t.state.kind === 'waiting' ? t.state.since : at;
      return { ...t, state: { kind: 'waiting', since, reason, ...(nextTryAt !== undefined && { nextTryAt }) } };
    }
    case 'window.learned': {
      const { contextWindow, reason, promptTokens } = event;
      const items: Item[] = [...t.items, { kind: 'window', seq, at, contextWindow, reason }];
      const settings = t.settings && { ...t.settings, contextWindow };
      const counted = promptTokens === undefined ? undefined : { promptTokens, completionTokens: 0 };
      return { ...t, items, ...(settings && { settings }), ...measured(trajectory, counted), state: thinking };
    }
    case 'view.narrowed': {
      const { type: _type, ...narrowed } = event;
      const { maskedResults, droppedThoughts } = narrowed;
      const items: Item[] = [...t.items, { kind: 'narrowed', ...narrowed }];
      return { ...t, items, narrowed: { maskedResults, droppedThoughts }, state: thinking };
    }
    case 'model.replied':
      return replied(trajectory, t, event);
    case 'turn.rolledBack':
      return rolledBack(t, event);
    case 'turn.corrected':
      return { ...t, items: withTurn(t.items, event.turn, (turn) => ({ ...turn, correction: event.content })) };
    case 'approval.requested': {
      const { callId, reason, scope } = event;
      const approval = { reason, ...(scope !== undefined && { scope }) };
      const items = withCall(t.items, callId, (call) => ({ ...call, approval }));
      return { ...t, items, state: { kind: 'approving', since: at, callId, reason } };
    }
    case 'approval.decided': {
      const { callId, decision, note, arguments: edited } = event;
      const items = withCall(t.items, callId, (call) => {
        const approval = { reason: '', ...call.approval, decision, ...(note !== undefined && { note }) };
        return { ...call, approval, ...(edited && { arguments: edited, requested: call.arguments }) };
      });
      return { ...t, items, state: thinking };
    }
    case 'tool.started': {
      const items = withCall(t.items, event.callId, (call) => ({ ...call, arguments: event.arguments, startedAt: at }));
      return { ...t, items, state: { kind: 'acting', since: at, callId: event.callId } };
    }
    case 'tool.finished': {
      const { type: _type, seq: _seq, at: _at, usage, ...result } = event;
      const items = withCall(t.items, event.callId, (call) => ({ ...call, ...result }));
      return { ...t, items, spent: spentWith(t, usage), state: thinking };
    }
    case 'checkpoint.made': {
      const { type: _type, ...checkpoint } = event;
      return withCheckpoint(t, checkpoint);
    }
    case 'checkpoint.failed': {
      const { type: _type, ...failed } = event;
      return { ...t, items: [...t.items, { ...failed, kind: 'checkpointFailed' }] };
    }
    case 'clarification.asked':
    case 'clarification.answered':
    case 'plan.set':
    case 'plan.ticked':
    case 'citations.checked':
      return withFinding(t, event);
    case 'report.requested':
    case 'answer.requested': {
      const { reason, prompt } = event;
      const asked = event.type === 'answer.requested' ? ('answer' as const) : ('report' as const);
      const items: Item[] = [...t.items, { kind: `${asked}Request`, seq, at, reason, prompt }];
      return { ...t, items, asked, answerTries: 0, state: thinking };
    }
    case 'attempt.ended': {
      const { type: _type, ...end } = event;
      return { ...unasked(t), items: [...t.items, { ...end, kind: 'attemptEnd' }], state: thinking };
    }
    case 'attempt.started': {
      const { attempt, task } = event;
      const items: Item[] = [...t.items, { kind: 'attempt', seq, at, attempt, task }];
      const narrowed = { maskedResults: 0, droppedThoughts: 0 };
      return { ...unasked(t), ...newAttempt, attempt, narrowed, items, state: thinking };
    }
    case 'answer.given': {
      const { type: _type, ...answer } = event;
      return { ...unasked(t), items: [...t.items, { ...answer, kind: 'answer' }], state: thinking };
    }
    case 'run.ended': {
      const { reason, message } = event;
      const end = { reason, ...(message !== undefined && { message }) };
      const items: Item[] = [...t.items, { kind: 'end', seq, at, ...end }];
      return { ...t, items, state: { kind: 'ended', since: at, ...end } };
    }
  }
}

/** The trajectory of a whole log. */
export function foldAll(events: Iterable<TrajectoryEvent>): Trajectory {
  let trajectory = emptyTrajectory;
  for (const event of events) trajectory = fold(trajectory, event);
  return trajectory;
}

/** The calls that have not ended, in order: started ones whose outcome nobody knows yet, and such as never started. */
export function openCalls(trajectory: Trajectory): readonly Call[] {
  const turn = trajectory.items.findLast((item) => item.kind === 'turn');
  return turn?.calls.filter((call) => call.outcome === undefined) ?? [];
}

/**
 * The view of a log that nobody writes any more: a call that had started and never ended folds as lost, a run without an
 * end as one that can be resumed. A view only: nothing is written.
 */
export function withoutWriter(trajectory: Trajectory): Trajectory {
  if (trajectory.state.kind === 'ended' || trajectory.state.kind === 'empty') return trajectory;
  const lost = openCalls(trajectory).filter((call) => call.startedAt !== undefined);
  const items = lost.reduce(
    (all, { callId }) => withCall(all, callId, (call) => ({ ...call, outcome: 'lost' as const })),
    trajectory.items,
  );
  const message = 'This run stopped without an end. Resume it to go on.';
  return { ...trajectory, items, state: { kind: 'ended', since: trajectory.state.since, reason: 'failed', message } };
}

/** Time spent on the newest question up to `now` (ms since the epoch), without what was waited for a person. */
export function workedMsAt({ workedMs, lastAt, state }: Trajectory, now: number): number {
  return workedMs + (works(state) ? Math.max(0, now - lastAt) : 0);
}

/** Whether time counts as spent: not while a person is waited for. */
function works({ kind }: RunState): boolean {
  return kind === 'thinking' || kind === 'acting' || kind === 'waiting';
}

/** A run that goes on after an interruption: what was asked for counts no longer, and no time was spent in between. */
function goingOn(before: Trajectory, event: EventOf<'run.resumed'> | EventOf<'run.forked'>): Trajectory {
  const { seq, at, model, baseUrl, toolFormat, settings, system = before.system, tools = before.tools } = event;
  const kept = joinNotes(before.asked ? before.items.map(withdrawn) : before.items, before.pendingNotes);
  const changes = changesOf(before, event);
  const items: readonly Item[] =
    changes.length > 0 ? [...kept, { kind: 'changed', seq, at, model, baseUrl, changes }] : kept;
  return {
    ...unasked(before),
    ...{ count: seq + 1, lastAt: at, answerTries: 0, rollbacksInARow: 0, pendingNotes: [] },
    ...{ model, baseUrl, toolFormat, settings, system, tools, items },
    state: { kind: 'thinking', since: at },
  };
}

function unasked(trajectory: Trajectory): Trajectory {
  const { asked: _asked, ...rest } = trajectory;
  return rest;
}

/** What the server counted for the request that `before` gave rise to. */
function measured(before: Trajectory, usage: Usage | undefined): Pick<Trajectory, 'lastAsked'> {
  if (!usage || usage.estimated) return {};
  const { lastAsked: _lastAsked, ...rest } = before;
  return { lastAsked: { trajectory: rest, usage } };
}

function replied(before: Trajectory, t: Trajectory, event: EventOf<'model.replied'>): Trajectory {
  const { type: _type, toolCalls, ...reply } = event;
  const final = t.asked !== undefined;
  const turn: Turn = { ...reply, kind: 'turn', calls: toolCalls, final, rollbacksBefore: t.rollbacksInARow };
  return {
    ...t,
    items: joinNotes([...t.items, turn], t.pendingNotes),
    pendingNotes: [],
    state: { kind: 'thinking', since: event.at },
    turns: event.turn,
    turnsOfAttempt: t.turnsOfAttempt + (final ? 0 : 1),
    callsOfQuestion: t.callsOfQuestion + toolCalls.length,
    rollbacksInARow: 0,
    answerTries: t.answerTries + (final ? 1 : 0),
    spent: spentWith(t, event.usage),
    ...(event.usage && { usage: event.usage }),
    ...measured(before, event.usage),
  };
}

function rolledBack(t: Trajectory, event: EventOf<'turn.rolledBack'>): Trajectory {
  const { type: _type, kind, usage: _usage, turn: number, ...rest } = event;
  const undone = t.items.findLast((item) => item.kind === 'turn' && item.turn === number);
  const counts = {
    rollbacksOfAttempt: t.rollbacksOfAttempt + 1,
    rollbacksInARow: (undone?.kind === 'turn' ? undone.rollbacksBefore : t.rollbacksInARow) + 1,
    spent: spentWith(t, event.usage),
    state: { kind: 'thinking', since: event.at } as const,
  };
  if (number !== undefined) {
    const items = withTurn(t.items, number, (turn) => ({ ...turn, undone: { kind, reason: event.reason } }));
    return { ...t, ...counts, items, turnsOfAttempt: t.turnsOfAttempt - 1 };
  }
  const items: Item[] = [...t.items, { ...rest, kind: 'rolledBack', rollback: kind }];
  return { ...t, ...counts, items };
}
