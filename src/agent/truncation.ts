/** Notices a server that silently reads less than it was sent (servers.md: Ollama drops the oldest tokens and says nothing). */
import type { Usage } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { weighedText } from './ledger.ts';
import { messagesFor, type ChatMessage } from './messages.ts';
import type { TokenCounter } from './ports.ts';

/** Characters that no tokeniser packs into fewer than one token, over a long text. */
const mostCharsPerToken = 10;
/** The share of the sent tokens below which something was dropped; chat templates may leave out earlier reasoning. */
const leastRead = 0.8;
/** Windows that servers are started with, in tokens. */
const usualWindows = [2_048, 4_096, 8_192, 16_384, 32_768, 40_960, 65_536, 131_072] as const;

/** What the server seems to read at most, and what it was sent; undefined when it read all. */
export async function truncatedTo(
  trajectory: Trajectory,
  { promptTokens }: Usage,
  counter: TokenCounter,
): Promise<{ readonly contextWindow: number; readonly sentTokens: number } | undefined> {
  if (promptTokens === 0 || promptTokens >= leastPossible(trajectory)) return undefined;
  const counts = await counter.count(messagesFor(trajectory).map(withoutReasoning));
  const sentTokens = counts.reduce((sum, count) => sum + count, 0);
  if (promptTokens >= leastRead * sentTokens) return undefined;
  const contextWindow = usualWindows.find((window) => window >= promptTokens) ?? promptTokens;
  return contextWindow >= sentTokens ? undefined : { contextWindow, sentTokens };
}

/** A size that the prompt has at least: what was counted before where it only grew, and the length of what is new. */
function leastPossible(trajectory: Trajectory): number {
  const now = messagesFor(trajectory);
  const { lastAsked } = trajectory;
  const before = lastAsked ? messagesFor(lastAsked.trajectory) : [];
  const grew = before.every((message, index) => message === now[index]);
  const chars = now.slice(grew ? before.length + 1 : 0).reduce((sum, m) => sum + withoutReasoning(m).length, 0);
  const counted = grew && lastAsked ? lastAsked.usage.promptTokens : 0;
  return counted + chars / mostCharsPerToken;
}

function withoutReasoning(message: ChatMessage): string {
  if (message.role !== 'assistant') return message.content;
  const { reasoning: _reasoning, ...rest } = message;
  return weighedText({ ...rest, content: rest.content.replace(/<think>[\s\S]*?<\/think>/g, '') });
}
