/** Changes of a trajectory's parts. Pure; what did not change is shared. */
import type { EventOf, Usage } from './events.ts';
import type { Call, Item, Note, Question, Trajectory, Turn } from './items.ts';

/** The items with one call changed; the newest of that id counts. */
export function withCall(items: readonly Item[], callId: string, change: (call: Call) => Call): readonly Item[] {
  const index = items.findLastIndex(
    (item) => item.kind === 'turn' && item.calls.some((call) => call.callId === callId),
  );
  return changed(items, index, (turn) => {
    const calls = turn.calls.map((call) => (call.callId === callId ? change(call) : call));
    return { ...turn, calls };
  });
}

/** The items with one turn changed. */
export function withTurn(items: readonly Item[], number: number, change: (turn: Turn) => Turn): readonly Item[] {
  const index = items.findLastIndex((item) => item.kind === 'turn' && item.turn === number);
  return changed(items, index, change);
}

function changed(items: readonly Item[], index: number, change: (turn: Turn) => Turn): readonly Item[] {
  const turn = items[index];
  return turn?.kind === 'turn' ? items.with(index, change(turn)) : items;
}

/** The items with notes whose turn has come. */
export function joinNotes(items: readonly Item[], notes: readonly Note[]): readonly Item[] {
  return notes.length > 0 ? [...items, ...notes] : items;
}

/** A request for an answer or a report that brought none, and the tries for it, count no longer once the run goes on. */
export function withdrawn(item: Item, index: number, items: readonly Item[]): Item {
  const brought = items.slice(index).some((later) => later.kind === 'answer' || later.kind === 'attemptEnd');
  const request = item.kind === 'answerRequest' || item.kind === 'reportRequest';
  return (request || (item.kind === 'turn' && item.final)) && !brought ? { ...item, withdrawn: true } : item;
}

/** The question that a fact asks. */
export function questionItem(event: EventOf<'run.started'> | EventOf<'question.asked'>): Question {
  const { seq, at, question, mentions, attachments } = event;
  return { kind: 'question', seq, at, question, mentions, ...(attachments && { attachments }) };
}

/** What the question has cost, with one more reply. */
export function spentWith({ spent }: Trajectory, usage: Usage | undefined): Trajectory['spent'] {
  if (!usage) return spent;
  return {
    promptTokens: spent.promptTokens + usage.promptTokens,
    completionTokens: spent.completionTokens + usage.completionTokens,
  };
}
