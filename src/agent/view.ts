/** Which items of a trajectory the model may still see, and how much of each: retention. A view only, nothing is deleted. */
import type { Item, Question, Trajectory, Turn } from '../shared/trajectory.ts';
import type { Retention } from '../shared/runSettings.ts';

/** An item in view. */
export interface Seen {
  readonly item: Item;
  /** Observations of this item that are masked, from its first on: more than one only in native format. */
  readonly masked: number;
  /** Whether its thought is out of view (the action stays). */
  readonly withoutThought: boolean;
}

/** What the next request shows, oldest first. */
export function viewOf(trajectory: Trajectory): readonly Seen[] {
  const { settings, narrowed } = trajectory;
  const items = itemsInView(trajectory);
  const counts = items.map((item) => observations(item, trajectory));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const hidden = settings ? maskedResults(total, settings.retention, narrowed.maskedResults) : 0;
  let seen = 0;
  let turns = 0;
  return items.map((item, index) => {
    const count = counts[index] ?? 0;
    const masked = Math.min(count, Math.max(0, hidden - seen));
    seen += count;
    const withoutThought = item.kind === 'turn' && turns++ < narrowed.droppedThoughts;
    return { item, masked, withoutThought };
  });
}

/** Observation messages of an item: one a turn in text format, one a call in native format; corrections count. */
export function observations(item: Item, { toolFormat }: Pick<Trajectory, 'toolFormat'>): number {
  if (item.kind !== 'turn') return 0;
  if (item.correction !== undefined) return 1;
  return toolFormat === 'native' ? item.calls.length : Math.min(1, item.calls.length);
}

/**
 * How many of `total` observations are masked, from the oldest on, when at least `floor` are. Between two maskings of
 * `recency` the newest keep to keep + slack are whole, so that the prompt only grows.
 */
export function maskedResults(total: number, retention: Retention, floor: number): number {
  if (retention.keep < 0) return floor;
  if (retention.policy === 'watermark') return floor;
  const batch = retention.slack + 1;
  return floor + batch * Math.floor(Math.max(0, total - floor - retention.keep) / batch);
}

/**
 * Out of sight: what was rolled back, undone or withdrawn; tries for an answer that brought none; earlier attempts at the
 * newest question (and all but question and answer of those before it, once there is a fresh attempt); and, when the
 * window was full, the last action with its observation (agent-protocol: context guard).
 */
function itemsInView({ items, asked }: Trajectory): readonly Item[] {
  let segments: Segment[] = [];
  for (const item of items) {
    if (item.kind === 'question') {
      segments.push({ question: item, items: [item] });
      continue;
    }
    const segment = segments.at(-1);
    if (!segment) continue;
    if (item.kind === 'attempt') {
      segments = [...segments.slice(0, -1).map(gist), { question: segment.question, items: [item] }];
    } else if (item.kind === 'turn') {
      if (item.withdrawn !== true && !item.undone) segment.items.push(item);
    } else if (item.kind === 'answerRequest' || item.kind === 'reportRequest') {
      if (item.withdrawn === true) continue;
      if (item.reason === 'context') dropLastTurn(segment);
      segment.items.push(item);
    } else if (item.kind === 'note') segment.items.push(item);
  }
  return segments.flatMap((segment, index) =>
    withoutFailedTries(segment.items, asked !== undefined && index === segments.length - 1),
  );
}

interface Segment {
  readonly question: Question;
  readonly items: Item[];
}

function gist({ question, items }: Segment): Segment {
  const answer = items.findLast((item) => item.kind === 'turn' && item.final);
  return { question, items: answer ? [question, answer] : [question] };
}

function dropLastTurn({ items }: Segment): void {
  const last = items.findLastIndex((item) => item.kind === 'turn');
  if (last >= 0) items.splice(last, 1);
}

/** Of the replies to a request only the last stays, and none while another one is asked for. */
function withoutFailedTries(items: readonly Item[], asking: boolean): readonly Item[] {
  const isTry = (item: Item): item is Turn => item.kind === 'turn' && item.final;
  const last = asking ? undefined : items.findLast(isTry);
  return items.filter((item) => !isTry(item) || item === last);
}
