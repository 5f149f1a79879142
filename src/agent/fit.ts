/** Makes the next prompt fit the window: how long its reply may be, what goes out of view first, or that nothing helps. */
import type { FactOf } from '../shared/events.ts';
import type { Retention, RunSettings } from '../shared/runSettings.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { replyTokens } from './budget.ts';
import { promptSize, weighedText } from './ledger.ts';
import { messagesOf, type ChatMessage } from './messages.ts';
import { readSources } from './readSources.ts';
import type { TokenCounter } from './ports.ts';
import { observations, viewOf, type Seen } from './view.ts';

/** The share of the window at which the dropping of thoughts stops; `watermark` has its own. */
const thoughtTarget = 0.6;
/** Room without which a reply is not worth its request, in tokens: a box fits. */
const leastRoom = 64;
/** Tokens kept free beyond all that is counted (agent-protocol: context guard), less in a small window. */
const reserveTokens = 1000;
/** What the request for the answer adds beside the question, in tokens. */
const answerPromptTokens = 500;

/** `fits`: the request may take that many tokens for its reply. `full`: no view of it leaves room. */
export type Fit =
  | { readonly kind: 'fits'; readonly maxTokens: number }
  | { readonly kind: 'narrow'; readonly fact: FactOf<'view.narrowed'> }
  | { readonly kind: 'full'; readonly promptTokens: number };

/** What fitting asks beside the trajectory. */
export interface Scales {
  readonly counter: TokenCounter;
  /** The server's own count of the next prompt, where it can tell; asked near the limit only. */
  readonly exact: () => Promise<number | undefined>;
  /** Tokens that the reply should have room for. */
  readonly wanted: number;
}

/** Decides on the next request. What it decides is recorded as a fact before it shows. */
export async function fit(trajectory: Trajectory, { counter, exact, wanted }: Scales): Promise<Fit> {
  const { settings } = trajectory;
  if (!settings) return { kind: 'fits', maxTokens: wanted };
  const limit = promptLimit(trajectory, settings);
  const { retention, contextWindow } = settings;
  const high = retention.policy === 'watermark' ? Math.min(limit, retention.high * contextWindow) : limit;
  const estimate = await promptSize(trajectory, counter, Math.min(high, contextWindow - wanted));
  const near = estimate > 0.97 * Math.min(high, contextWindow - wanted);
  const size = (near ? await exact() : undefined) ?? estimate;
  if (size <= high) return { kind: 'fits', maxTokens: room(settings, size, wanted) };
  const fact = await narrower(trajectory, settings, { size, limit, high, counter });
  if (fact) return { kind: 'narrow', fact };
  const last = trajectory.asked !== undefined || trajectory.turnsOfAttempt === 0;
  if (size <= limit || (last && size + leastRoom <= contextWindow)) {
    return { kind: 'fits', maxTokens: room(settings, size, wanted) };
  }
  return { kind: 'full', promptTokens: size };
}

function room({ contextWindow }: RunSettings, size: number, wanted: number): number {
  return Math.max(1, Math.min(wanted, contextWindow - size));
}

/** The largest prompt: it leaves room for a whole reply and, while the research goes on, for the request of the answer. */
function promptLimit({ asked, items }: Trajectory, settings: RunSettings): number {
  const { contextWindow } = settings;
  if (asked !== undefined) return contextWindow - Math.min(replyTokens(settings), 8 * leastRoom);
  const question = items.findLast((item) => item.kind === 'question');
  const named = settings.answer === 'full' ? readSources({ items }).join('\n') : '';
  const answer = answerPromptTokens + Math.ceil(Buffer.byteLength((question?.question ?? '') + named) / 3);
  return contextWindow - replyTokens(settings) - answer - Math.min(reserveTokens, Math.floor(contextWindow / 32));
}

/**
 * First tier: results down to `keep`. Second tier: the thoughts of the oldest turns, once fewer than `keep` more results
 * would fit; until then each narrowing would come soon after the last, and each makes the server read nearly all anew.
 */
async function narrower(
  trajectory: Trajectory,
  settings: RunSettings,
  { size, limit, high, counter }: Crowded,
): Promise<FactOf<'view.narrowed'> | undefined> {
  const { retention, contextWindow } = settings;
  const { narrowed } = trajectory;
  const view = viewOf(trajectory);
  const results = await masking(view, trajectory, retention.keep, counter);
  const masked = results.reduce((sum, { saved }) => sum + saved, 0);
  const spare = results.length > 0 ? (masked / results.length) * spareResults(retention) : 0;
  let after = size - masked;
  const thoughts = after > high - spare ? await dropping(view, trajectory, retention.keep, counter) : [];
  const target = (retention.policy === 'watermark' ? retention.low : thoughtTarget) * contextWindow;
  let { droppedThoughts } = narrowed;
  for (const { dropped, saved } of thoughts) {
    if (after <= target) break;
    after -= saved;
    droppedThoughts = dropped;
  }
  const maskedResults = results.at(-1)?.masked ?? narrowed.maskedResults;
  const changed = maskedResults > narrowed.maskedResults || droppedThoughts > narrowed.droppedThoughts;
  if (!changed || after > limit) return undefined;
  return { type: 'view.narrowed', maskedResults, droppedThoughts, promptTokens: size, afterTokens: Math.max(0, after) };
}

interface Crowded {
  readonly size: number;
  readonly limit: number;
  /** Where narrowing begins: the limit, or the high watermark below it. */
  readonly high: number;
  readonly counter: TokenCounter;
}

function spareResults(retention: Retention): number {
  return Math.max(0, retention.policy === 'recency' ? Math.min(retention.slack, retention.keep) : retention.keep);
}

/** What masking each further result saves, oldest first; the newest `keep` are never among them. */
async function masking(
  view: readonly Seen[],
  trajectory: Trajectory,
  keep: number,
  counter: TokenCounter,
): Promise<readonly { masked: number; saved: number }[]> {
  if (keep < 0) return [];
  const total = view.reduce((sum, { item }) => sum + observations(item, trajectory), 0);
  const steps: { masked: number; whole: readonly ChatMessage[]; less: readonly ChatMessage[] }[] = [];
  let index = 0;
  for (const seen of view) {
    for (let nth = 1; nth <= observations(seen.item, trajectory); nth++) {
      index++;
      if (nth <= seen.masked || index > total - keep) continue;
      const whole = messagesOf({ ...seen, masked: nth - 1 }, trajectory.toolFormat);
      steps.push({ masked: index, whole, less: messagesOf({ ...seen, masked: nth }, trajectory.toolFormat) });
    }
  }
  const saved = await savedTokens(steps, counter);
  return steps.map(({ masked }, i) => ({ masked, saved: saved[i] ?? 0 }));
}

/** What dropping the thought of each further turn saves, oldest first; those of the newest turns stay. */
async function dropping(
  view: readonly Seen[],
  trajectory: Trajectory,
  keep: number,
  counter: TokenCounter,
): Promise<readonly { dropped: number; saved: number }[]> {
  const turns = view.filter(({ item }) => item.kind === 'turn');
  const candidates = turns
    .map((seen, index) => ({ seen, dropped: index + 1 }))
    .slice(trajectory.narrowed.droppedThoughts, Math.max(0, turns.length - Math.max(1, keep)));
  const steps = candidates.map(({ seen }) => ({
    whole: messagesOf(seen, trajectory.toolFormat),
    less: messagesOf({ ...seen, withoutThought: true }, trajectory.toolFormat),
  }));
  const saved = await savedTokens(steps, counter);
  return candidates.map(({ dropped }, i) => ({ dropped, saved: saved[i] ?? 0 }));
}

async function savedTokens(
  steps: readonly { readonly whole: readonly ChatMessage[]; readonly less: readonly ChatMessage[] }[],
  counter: TokenCounter,
): Promise<readonly number[]> {
  const text = (messages: readonly ChatMessage[]) => messages.map(weighedText).join('\n');
  const counts = await counter.count(steps.flatMap(({ whole, less }) => [text(whole), text(less)]));
  return steps.map((_, i) => (counts[2 * i] ?? 0) - (counts[2 * i + 1] ?? 0));
}
