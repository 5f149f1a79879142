/** What a run may still spend. Each limit keeps a reserve for the answer. */
import type { ResearchEnd } from '../shared/events.ts';
import type { RunSettings } from '../shared/runSettings.ts';
import { workedMsAt, type Trajectory } from '../shared/trajectory.ts';

/** Rollbacks in a row before a turn is let through (agent-protocol: rollbacks). */
export const maxRollbacks = 5;
/** Replies that may be rolled back beyond the turn limit (agent-protocol: one turn). */
const extraRollbacks = 200;
/** The least time kept for the answer, in ms, and the largest share of the budget. */
const leastReserveMs = 5_000;
const largestReserve = 0.25;
/** What an answer may take beyond the budget, at least, when there is none yet. */
const leastOvertimeMs = 20_000;

/** Why the research has to stop now; undefined while it may go on. `now` is in ms since the epoch. */
export function exhausted(trajectory: Trajectory, now: number): ResearchEnd | undefined {
  const { settings, turnsOfAttempt, rollbacksOfAttempt, callsOfQuestion } = trajectory;
  if (!settings) return undefined;
  if (callsOfQuestion >= settings.maxCalls) return 'calls';
  if (tokensSpent(trajectory)) return 'tokens';
  if (researchMsLeft(trajectory, now) <= 0) return 'minutes';
  if (turnsOfAttempt >= settings.maxTurns) return 'turns';
  return turnsOfAttempt + rollbacksOfAttempt >= settings.maxTurns + extraRollbacks ? 'turns' : undefined;
}

/** Ms until the research has to make way for the answer; Infinity without such a budget. */
export function researchMsLeft(trajectory: Trajectory, now: number): number {
  const { settings, items } = trajectory;
  if (settings?.budget.minutes === undefined) return Infinity;
  const budgetMs = settings.budget.minutes * 60_000;
  const slowest = items.reduce((most, item) => (item.kind === 'turn' ? Math.max(most, item.durationMs) : most), 0);
  const reserveMs = Math.min(largestReserve * budgetMs, Math.max(leastReserveMs, 2 * slowest));
  return budgetMs - reserveMs - workedMsAt(trajectory, now);
}

/**
 * Ms until an answer under way is given up; Infinity without such a budget. Where a box was seen before, that one serves when
 * the budget is used up; else the answer may take as long again as is kept for it.
 */
export function answerMsLeft(trajectory: Trajectory, now: number, fallback: boolean): number {
  const { settings } = trajectory;
  if (settings?.budget.minutes === undefined) return Infinity;
  const budgetMs = settings.budget.minutes * 60_000;
  const overtimeMs = fallback ? 0 : Math.max(leastOvertimeMs, largestReserve * budgetMs);
  return budgetMs + overtimeMs - workedMsAt(trajectory, now);
}

/** Whether one more turn and the answer after it would cost more tokens than are left. */
function tokensSpent({ settings, spent, usage }: Trajectory): boolean {
  if (!settings || !usage) return false;
  const { promptTokens, completionTokens, tokens } = settings.budget;
  const prompt = spent.promptTokens + 2 * usage.promptTokens;
  const completion = spent.completionTokens + 2 * Math.max(usage.completionTokens, leastAnswerTokens);
  return (
    (promptTokens !== undefined && prompt > promptTokens) ||
    (completionTokens !== undefined && completion > completionTokens) ||
    (tokens !== undefined && prompt + completion > tokens)
  );
}

/** Tokens that an answer takes at least, as budgets reckon. */
const leastAnswerTokens = 256;

/** Tokens that the next reply may take within the budget: half of what is left while the answer is still to come. */
export function budgetTokens({ settings, spent, usage, asked }: Trajectory): number {
  const { completionTokens = Infinity, tokens = Infinity } = settings?.budget ?? {};
  const prompt = usage?.promptTokens ?? 0;
  const left = Math.min(
    completionTokens - spent.completionTokens,
    tokens - spent.completionTokens - spent.promptTokens - (asked === undefined ? 2 : 1) * prompt,
  );
  return Math.max(leastAnswerTokens, asked === undefined ? Math.floor(left / 2) : left);
}

/** Tokens that one reply may take: the setting, and never more than a quarter of a small window. */
export function replyTokens(settings: RunSettings): number {
  return Math.max(leastAnswerTokens, Math.min(settings.maxTokens, Math.floor(settings.contextWindow / 4)));
}
