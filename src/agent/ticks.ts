/** Ticks of the plan that the model sets, and the evidence that they rest on. */
import type { EvidenceRef } from '../shared/evidence.ts';
import type { FactOf } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';

/** A tick as a call gives it; `named` are the addresses and paths that the model names for it. */
export interface Tick {
  readonly id: number;
  readonly done: boolean;
  readonly named: readonly string[];
}

/**
 * The tick as a fact. Its evidence is what the model names, where the run has read that; else all that was read since the
 * last tick.
 */
export function tickFact(trajectory: Trajectory, { id, done, named }: Tick): FactOf<'plan.ticked'> {
  return { type: 'plan.ticked', id, done, evidence: done ? evidenceFor(trajectory, named) : [] };
}

/** Records that one tick refers to at most. */
const maxEvidence = 40;

function evidenceFor({ items, plan }: Trajectory, named: readonly string[]): readonly EvidenceRef[] {
  const asked = items.findLastIndex((item) => item.kind === 'question');
  const records = items.slice(asked + 1).flatMap((item) => {
    if (item.kind !== 'turn' || item.undone) return [];
    return item.calls.flatMap(({ callId, sources = [] }) => sources.map(({ uri }, index) => ({ uri, callId, index })));
  });
  const wanted = named.map(plainUri);
  const meant = records.filter(({ uri }) => wanted.includes(plainUri(uri)));
  const used = new Set(plan?.items.flatMap(({ evidence }) => evidence.map(({ callId }) => callId)));
  const chosen = meant.length > 0 ? meant : records.filter(({ callId }) => !used.has(callId));
  return chosen.slice(-maxEvidence).map(({ callId, index }) => ({ callId, index }));
}

/** Without what is no part of a name: a fragment, a line, a slash at the end. */
function plainUri(uri: string): string {
  return uri.trim().replace(/#.*$/, '').replace(/:\d+$/, '').replace(/\/$/, '');
}
