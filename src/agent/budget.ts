/** What a run may still spend, and when its window is full. */
import type { Trajectory } from '../shared/trajectory.ts';

/** Tokens kept free beyond all that is counted (agent-protocol: context guard). */
const reserveTokens = 1000;

/** Why the research has to stop and answer now; undefined while it may go on. */
export function exhausted(trajectory: Trajectory): 'turns' | 'calls' | 'context' | undefined {
  const { settings } = trajectory;
  if (!settings) return undefined;
  if (trajectory.turnsOfQuestion >= settings.maxTurns) return 'turns';
  if (trajectory.callsOfQuestion >= settings.maxCalls) return 'calls';
  return windowFull(trajectory) ? 'context' : undefined;
}

/**
 * The context guard: the last prompt and reply as the server counted them, the newest observation and the answer prompt
 * as estimated with a margin of a half, and a whole reply must fit the window.
 */
function windowFull(trajectory: Trajectory): boolean {
  const { settings, usage } = trajectory;
  const last = trajectory.items.at(-1);
  if (!settings || !usage || last?.kind !== 'turn') return false;
  const observation = last.calls.map((call) => call.content ?? '').join('\n');
  const question = trajectory.items.findLast((item) => item.kind === 'question');
  const added = 1.5 * (estimatedTokens(observation) + estimatedTokens(question?.question ?? '') + 300);
  const needed = usage.promptTokens + usage.completionTokens + added + replyTokens(trajectory) + reserveTokens;
  return needed >= settings.contextWindow;
}

/** Tokens that one reply may take: the setting, and never more than a quarter of a small window. */
export function replyTokens(trajectory: Trajectory): number {
  const { settings } = trajectory;
  if (!settings) return 0;
  return Math.max(256, Math.min(settings.maxTokens, Math.floor(settings.contextWindow / 4)));
}

/** A rough count for text that no server has counted yet: a token for 3 bytes of UTF-8. */
function estimatedTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 3);
}
