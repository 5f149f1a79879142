/** A reply's thought and the text beside it, wherever the server put the reasoning. */
import { scanReply } from './replyScanner.ts';

export interface ThoughtAndText {
  readonly thought: string;
  readonly text: string;
}

/**
 * Splits a reply as its calls are read: reasoning of its own field, or inline `<think>…</think>` (unclosed, closed only,
 * several), and the visible text. Tool calls are left out of the text, begun ones too.
 */
export function splitThought(content: string, reasoning?: string): ThoughtAndText {
  const { parts } = scanReply(content);
  const ofKind = (kind: 'thought' | 'text') =>
    parts.filter((part) => part.kind === kind).map((part) => content.slice(part.start, part.end).trim());
  const joined = (pieces: readonly string[]) => pieces.filter(Boolean).join('\n\n');
  return { thought: joined([(reasoning ?? '').trim(), ...ofKind('thought')]), text: joined(ofKind('text')) };
}
