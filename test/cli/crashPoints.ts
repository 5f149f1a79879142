/** Where the runs of the crash suite are killed. */
import { factSchema, type TrajectoryEvent } from '../../src/shared/events.ts';
import type { Death } from './killAt.ts';

/**
 * `wide` has room for everything, in `narrow` the view is narrowed, in `denied` nobody allows a call, `fork` is a fork of
 * `wide` with a note.
 */
export type Kind = 'wide' | 'narrow' | 'denied' | 'fork';

/** Facts of each type that runs of each kind are killed at; kinds of facts that are not named are passed over. */
const wanted: Readonly<Record<Kind, Readonly<Record<string, number>>>> = {
  wide: {
    ...{ 'run.started': 1, 'run.waiting': 1, 'window.learned': 1, 'model.replied': 5, 'tool.started': 4 },
    ...{ 'tool.finished': 5, 'turn.rolledBack': 3, 'turn.corrected': 2, 'report.requested': 1, 'attempt.ended': 2 },
    ...{
      'attempt.started': 2,
      'answer.requested': 1,
      'answer.given': 2,
      'citations.checked': 2,
      'run.ended': 1,
      'checkpoint.made': 2,
    },
  },
  narrow: { 'view.narrowed': 3, 'answer.given': 1 },
  denied: { 'approval.requested': 3, 'approval.decided': 3, 'tool.finished': 1 },
  fork: { 'run.forked': 1, 'note.added': 2, 'tool.finished': 1 },
};

const ways = ['after', 'torn', 'before'] as const;

/** A run cannot go on without its first fact, and has nothing to go on with behind its last one. */
function wayOf(type: string, index: number): Death['when'] {
  if (type === 'run.started' || type === 'run.forked') return 'after';
  return type === 'run.ended' ? 'torn' : (ways[index % ways.length] ?? 'after');
}

/** The places, from what runs that were left alone wrote; every type of fact that they wrote is among them. */
export function pointsOf(
  whole: Readonly<Record<Kind, readonly TrajectoryEvent[]>>,
): readonly { readonly kind: Kind; readonly death: Death }[] {
  const kinds = ['wide', 'narrow', 'denied', 'fork'] as const;
  const points = kinds.flatMap((kind) =>
    Object.entries(wanted[kind]).flatMap(([type, count]) => {
      const own = whole[kind].findLastIndex((event) => event.type === 'run.forked');
      const facts = whole[kind].slice(Math.max(0, own)).filter((event) => event.type === type);
      if (facts.length === 0) throw new Error(`a ${kind} run writes no ${type}`);
      const chosen = Array.from({ length: count }, (_, i) => facts[Math.floor(((i + 0.5) * facts.length) / count)]);
      return chosen.flatMap((fact, index) => {
        return fact ? [{ kind, death: { when: wayOf(type, index), fact: fact.seq }, type }] : [];
      });
    }),
  );
  const hit = new Set(points.map(({ type }) => type));
  const missed = factSchema.options
    .map((option) => option.shape.type.value)
    .filter((type) => kinds.some((kind) => whole[kind].some((event) => event.type === type)) && !hit.has(type));
  if (missed.length > 0) throw new Error(`no run is killed at ${missed.join(', ')}`);
  return points;
}

/** Processes that run at the same time. */
const most = 3;

/** Does all of it, some at the same time; results in order. */
export async function atOnce<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results = new Map<number, T>();
  const waiting = [...tasks.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, task] = next;
      results.set(index, await task());
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
