/** The answers of several rollouts of one question, grouped by what they say. */
import { normalAnswer } from './normalAnswer.ts';

/** A rollout and its boxed answer; one without an answer has none. */
export interface RolloutAnswer {
  readonly runId: string;
  readonly boxed?: string | undefined;
}

/** Rollouts that gave the same answer. */
export interface AnswerGroup {
  /** As most of them wrote it; of equally many the first. */
  readonly answer: string;
  /** In the order of the rollouts. */
  readonly runIds: readonly string[];
  /** Of the rollouts that answered, 0 to 1. */
  readonly share: number;
}

export interface AnswerGroups {
  /** The largest first; of equally large ones the one whose answer came first. */
  readonly groups: readonly AnswerGroup[];
  /** The group that is larger than every other; undefined where the largest are equally large, or nobody answered. */
  readonly majority?: AnswerGroup;
}

/** Groups answers by their normal form. A vote that must not be void in a tie takes the first group. */
export function groupAnswers(rollouts: readonly RolloutAnswer[]): AnswerGroups {
  const answered = rollouts.flatMap(({ runId, boxed }) => (boxed?.trim() ? [{ runId, boxed: boxed.trim() }] : []));
  const byAnswer = Map.groupBy(answered, ({ boxed }) => normalAnswer(boxed));
  const groups = [...byAnswer.values()]
    .map((members) => ({
      answer: commonest(members.map(({ boxed }) => boxed)),
      runIds: members.map(({ runId }) => runId),
      share: members.length / answered.length,
    }))
    .toSorted((a, b) => b.runIds.length - a.runIds.length);
  const [first, second] = groups;
  const alone = first && first.runIds.length > (second?.runIds.length ?? 0);
  return { groups, ...(alone && { majority: first }) };
}

function commonest(texts: readonly string[]): string {
  const counted = [...Map.groupBy(texts, (text) => text)].toSorted(([, a], [, b]) => b.length - a.length);
  return counted[0]?.[0] ?? '';
}
