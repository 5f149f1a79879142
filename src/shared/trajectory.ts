/** A trajectory: what a log's facts amount to. The host, the webview and the exporters fold with this one function. */
import type { CallRequest, EventOf, Outcome, RunSettings, Source, TrajectoryEvent, Usage, BlobRef } from './events.ts';

/** One tool call and all that is known of it. No `outcome` means that it has not ended. */
export interface Call extends CallRequest {
  readonly approval?: { readonly reason: string; readonly decision?: 'once' | 'run' | 'deny'; readonly note?: string };
  readonly startedAt?: number;
  readonly outcome?: Outcome;
  readonly content?: string;
  readonly truncated?: boolean;
  readonly durationMs?: number;
  readonly exitCode?: number;
  readonly blob?: BlobRef;
}

/** One reply that was not rolled back, with its calls in order. */
export interface Turn {
  readonly kind: 'turn';
  readonly seq: number;
  readonly at: number;
  readonly turn: number;
  readonly content: string;
  readonly reasoning?: string;
  readonly finishReason: string | null;
  readonly usage?: Usage;
  readonly durationMs: number;
  readonly mended: readonly string[];
  readonly calls: readonly Call[];
  /** What the model was told of a malformed reply that was let through. */
  readonly correction?: string;
  /** Whether this reply answers a request for the final answer. */
  readonly final: boolean;
  /** The run went on after this try for an answer, which no longer counts. */
  readonly withdrawn?: boolean;
}

export interface Question {
  readonly kind: 'question';
  readonly seq: number;
  readonly at: number;
  readonly question: string;
  readonly mentions: readonly string[];
}

export interface RolledBack {
  readonly kind: 'rolledBack';
  readonly seq: number;
  readonly at: number;
  readonly reason: string;
  readonly reply: string;
  readonly reasoning?: string;
}

export interface AnswerRequest {
  readonly kind: 'answerRequest';
  readonly seq: number;
  readonly at: number;
  readonly reason: EventOf<'answer.requested'>['reason'];
  readonly prompt: string;
  /** The run went on after this request, which no longer counts. */
  readonly withdrawn?: boolean;
}

export interface Answer {
  readonly kind: 'answer';
  readonly seq: number;
  readonly at: number;
  readonly boxed: string;
  readonly text: string;
  readonly sources: readonly Source[];
}

export interface End {
  readonly kind: 'end';
  readonly seq: number;
  readonly at: number;
  readonly reason: EventOf<'run.ended'>['reason'];
  readonly message?: string;
}

/** What a person scrolls through, oldest first. */
export type Item = Question | Turn | RolledBack | AnswerRequest | Answer | End;

/** What the run is doing as far as its log says. */
export type RunState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'thinking'; readonly since: number }
  | { readonly kind: 'acting'; readonly since: number; readonly callId: string }
  | { readonly kind: 'approving'; readonly since: number; readonly callId: string; readonly reason: string }
  | { readonly kind: 'waiting'; readonly since: number; readonly reason: string; readonly nextTryAt?: number }
  | { readonly kind: 'ended'; readonly since: number; readonly reason: End['reason']; readonly message?: string };

export interface Trajectory {
  /** Events folded so far; the next one's `seq`. */
  readonly count: number;
  readonly start?: EventOf<'run.started'>;
  /** Model, server and settings in force: the start's, or those of the newest resumption. */
  readonly model: string;
  readonly baseUrl: string;
  readonly toolFormat: 'mcp-xml' | 'native';
  readonly settings?: RunSettings;
  readonly items: readonly Item[];
  readonly state: RunState;
  /** Replies that were not rolled back, in the whole run. */
  readonly turns: number;
  /** Of the newest question: turns before its answer was asked for, calls, rollbacks in a row, turns that try to answer. */
  readonly turnsOfQuestion: number;
  readonly callsOfQuestion: number;
  readonly rollbacksInARow: number;
  readonly answerTries: number;
  /** Whether the final answer was asked for and is not there yet. */
  readonly answering: boolean;
  readonly usage?: Usage;
}

/** The trajectory of a log without any fact. */
export const emptyTrajectory: Trajectory = {
  count: 0,
  model: '',
  baseUrl: '',
  toolFormat: 'mcp-xml',
  items: [],
  state: { kind: 'empty' },
  turns: 0,
  turnsOfQuestion: 0,
  callsOfQuestion: 0,
  rollbacksInARow: 0,
  answerTries: 0,
  answering: false,
};

/** The trajectory after one more fact. Pure; shares what did not change. */
export function fold(trajectory: Trajectory, event: TrajectoryEvent): Trajectory {
  const t = { ...trajectory, count: event.seq + 1 };
  const { seq, at } = event;
  const thinking: RunState = { kind: 'thinking', since: at };
  switch (event.type) {
    case 'run.started': {
      const { question, mentions, model, baseUrl, toolFormat, settings } = event;
      const items = [...t.items, { kind: 'question', seq, at, question, mentions } as const];
      return { ...t, start: event, model, baseUrl, toolFormat, settings, items, state: thinking };
    }
    case 'run.resumed': {
      const { model, baseUrl, toolFormat, settings } = event;
      const items = t.answering ? t.items.map(withdrawn) : t.items;
      const counts = { answerTries: 0, rollbacksInARow: 0, answering: false };
      return { ...t, ...counts, model, baseUrl, toolFormat, settings, items, state: thinking };
    }
    case 'question.asked': {
      const { question, mentions } = event;
      const items = [...t.items, { kind: 'question', seq, at, question, mentions } as const];
      const counts = { turnsOfQuestion: 0, callsOfQuestion: 0, rollbacksInARow: 0, answerTries: 0, answering: false };
      return { ...t, ...counts, items, state: thinking };
    }
    case 'run.waiting': {
      const { reason, nextTryAt } = event;
      return { ...t, state: { kind: 'waiting', since: at, reason, ...(nextTryAt !== undefined && { nextTryAt }) } };
    }
    case 'model.replied': {
      const { type: _type, toolCalls, ...reply } = event;
      const turn: Turn = { ...reply, kind: 'turn', calls: toolCalls, final: t.answering };
      return {
        ...t,
        items: [...t.items, turn],
        state: thinking,
        turns: t.turns + 1,
        turnsOfQuestion: t.turnsOfQuestion + (t.answering ? 0 : 1),
        callsOfQuestion: t.callsOfQuestion + toolCalls.length,
        rollbacksInARow: 0,
        answerTries: t.answerTries + (t.answering ? 1 : 0),
        ...(event.usage && { usage: event.usage }),
      };
    }
    case 'turn.rolledBack': {
      const { type: _type, ...rest } = event;
      const items = [...t.items, { ...rest, kind: 'rolledBack' } as const];
      return { ...t, items, rollbacksInARow: t.rollbacksInARow + 1, state: thinking };
    }
    case 'turn.corrected':
      return {
        ...t,
        items: t.items.map((i) =>
          i.kind === 'turn' && i.turn === event.turn ? { ...i, correction: event.content } : i,
        ),
      };
    case 'approval.requested': {
      const { callId, reason } = event;
      const items = withCall(t.items, callId, (call) => ({ ...call, approval: { reason } }));
      return { ...t, items, state: { kind: 'approving', since: at, callId, reason } };
    }
    case 'approval.decided': {
      const { callId, decision, note } = event;
      const items = withCall(t.items, callId, (call) => {
        const approval = { reason: call.approval?.reason ?? '', decision, ...(note !== undefined && { note }) };
        return { ...call, approval };
      });
      return { ...t, items, state: thinking };
    }
    case 'tool.started': {
      const items = withCall(t.items, event.callId, (call) => ({ ...call, arguments: event.arguments, startedAt: at }));
      return { ...t, items, state: { kind: 'acting', since: at, callId: event.callId } };
    }
    case 'tool.finished': {
      const { type: _type, seq: _seq, at: _at, ...result } = event;
      return { ...t, items: withCall(t.items, event.callId, (call) => ({ ...call, ...result })), state: thinking };
    }
    case 'answer.requested': {
      const { reason, prompt } = event;
      return {
        ...t,
        items: [...t.items, { kind: 'answerRequest', seq, at, reason, prompt }],
        answering: true,
        state: thinking,
      };
    }
    case 'answer.given': {
      const { type: _type, ...answer } = event;
      return { ...t, items: [...t.items, { ...answer, kind: 'answer' }], answering: false, state: thinking };
    }
    case 'run.ended': {
      const { reason, message } = event;
      const end = { reason, ...(message !== undefined && { message }) };
      const items = [...t.items, { kind: 'end', seq, at, ...end } as const];
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

/** A request for the answer that brought none, and the tries for it, count no longer once the run goes on. */
function withdrawn(item: Item, index: number, items: readonly Item[]): Item {
  const answered = items.slice(index).some((later) => later.kind === 'answer');
  const counts = item.kind === 'answerRequest' || (item.kind === 'turn' && item.final);
  return counts && !answered ? { ...item, withdrawn: true } : item;
}

function withCall(items: readonly Item[], callId: string, change: (call: Call) => Call): readonly Item[] {
  const index = items.findLastIndex(
    (item) => item.kind === 'turn' && item.calls.some((call) => call.callId === callId),
  );
  const turn = items[index];
  if (turn?.kind !== 'turn') return items;
  const calls = turn.calls.map((call) => (call.callId === callId ? change(call) : call));
  return items.with(index, { ...turn, calls });
}
