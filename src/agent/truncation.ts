/** Notices a server that silently reads less than it was sent (servers.md: Ollama drops the oldest tokens and says nothing). */
import type { Usage } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { weighedText } from './ledger.ts';
import { messagesFor, type ChatMessage } from './messages.ts';
import type { TokenCounter } from './ports.ts';

/** Characters of a long text that one token holds at most, but for odd texts: beyond it the prompt is counted. */
const charsPerToken = 6;
/** Shares of the expected tokens below which something was dropped: without an earlier prompt the vocabulary is a guess. */
const leastRead = { compared: 0.9, alone: 0.6 } as const;
/** Windows that servers are started with, in tokens. */
const usualWindows = [2_048, 4_096, 8_192, 16_384, 32_768, 40_960, 65_536, 131_072] as const;

/** What the server seems to read at most, and what it was sent; undefined when it read all. */
export async function truncatedTo(
  trajectory: Trajectory,
  { promptTokens }: Usage,
  counter: TokenCounter,
): Promise<{ readonly contextWindow: number; readonly sentTokens: number } | undefined> {
  if (promptTokens === 0 || promptTokens >= leastPossible(trajectory)) return undefined;
  const { lastAsked } = trajectory;
  const size = async (of: Trajectory) => {
    const counts = await counter.count(messagesFor(of).map(withoutReasoning));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const counted = await size(trajectory);
  // The model's own vocabulary may make fewer tokens of a text than Qwen's: the last prompt shows by how much.
  const ratio = lastAsked ? Math.min(1, lastAsked.usage.promptTokens / (await size(lastAsked.trajectory))) : 1;
  const sentTokens = Math.round(counted * ratio);
  if (promptTokens >= (lastAsked ? leastRead.compared : leastRead.alone) * sentTokens) return undefined;
  const contextWindow = usualWindows.find((window) => window >= promptTokens) ?? promptTokens;
  return contextWindow >= sentTokens ? undefined : { contextWindow, sentTokens };
}

/** A size that the prompt nearly always has: what was counted before where it only grew, and the length of what is new. */
function leastPossible(trajectory: Trajectory): number {
  const now = messagesFor(trajectory);
  const { lastAsked } = trajectory;
  const before = lastAsked ? messagesFor(lastAsked.trajectory) : [];
  const grew = before.every((message, index) => message === now[index]);
  const chars = now
    .slice(grew ? before.length : 0)
    .reduce((sum, { role, content }) => sum + (role === 'assistant' ? 0 : content.length), 0);
  const counted = grew && lastAsked ? lastAsked.usage.promptTokens : 0;
  return counted + chars / charsPerToken;
}

/** Chat templates may leave out the reasoning of earlier turns. */
function withoutReasoning(message: ChatMessage): string {
  if (message.role !== 'assistant') return message.content;
  const { reasoning: _reasoning, ...rest } = message;
  return weighedText({ ...rest, content: rest.content.replace(/<think>[\s\S]*?<\/think>/g, '') });
}
