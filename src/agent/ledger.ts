/** The context ledger: how large the next prompt is. What the server counted last is exact; only what changed since is counted. */
import type { Trajectory } from '../shared/trajectory.ts';
import { messagesFor, type ChatMessage } from './messages.ts';
import type { TokenCounter } from './ports.ts';

/** Tokens that a chat template puts around one message, at most: role, separators, the wrapping of a result. */
const aroundMessage = 12;

/**
 * The size of the next prompt in tokens. As long as a bound (a token is at least a byte) stays at or below `enough`, that
 * bound is given back and nothing is counted; beyond it the new text is counted exactly.
 */
export async function promptSize(trajectory: Trajectory, counter: TokenCounter, enough: number): Promise<number> {
  const { base, added, removed } = changes(trajectory);
  const bound = base + added.reduce((sum, text) => sum + utf8Bytes(text) + aroundMessage, 0);
  if (bound <= enough) return bound;
  const counts = await counter.count([...added, ...removed]);
  const sum = (from: number, to: number) =>
    counts.slice(from, to).reduce((total, count) => total + count + aroundMessage, 0);
  return base + sum(0, added.length) - sum(added.length, counts.length);
}

/** The text of a message as it weighs in a prompt. */
export function weighedText(message: ChatMessage): string {
  if (message.role !== 'assistant') return message.content;
  const { reasoning = '', content, toolCalls = [] } = message;
  return [reasoning, content, ...toolCalls.map((call) => JSON.stringify(call))].filter(Boolean).join('\n');
}

/** Bytes of a text in UTF-8, without encoding it when a bound will do: at most three a code unit. */
function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}

interface Changes {
  /** Tokens that the server counted and that are still there. */
  readonly base: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

function changes(trajectory: Trajectory): Changes {
  const { lastAsked, tools, toolFormat } = trajectory;
  const next = messagesFor(trajectory);
  if (!lastAsked) {
    const offered = toolFormat === 'native' ? [JSON.stringify(tools)] : [];
    return { base: 0, added: [...offered, ...next.map(weighedText)], removed: [] };
  }
  const before = messagesFor(lastAsked.trajectory);
  const reply = next[before.length];
  const counted = reply?.role === 'assistant' && lastAsked.usage.completionTokens > 0;
  const added: string[] = [];
  const removed: string[] = [];
  for (let i = 0; i < Math.max(before.length, next.length); i++) {
    const [old, now] = [before[i], next[i]];
    if (old === now || (counted && i === before.length)) continue;
    if (old) removed.push(weighedText(old));
    if (now) added.push(weighedText(now));
  }
  return { base: lastAsked.usage.promptTokens + (counted ? lastAsked.usage.completionTokens : 0), added, removed };
}
