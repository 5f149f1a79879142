/** What a model server has sent of a reply that is not whole yet: kept for each live run, since any of them may be shown. */
import type { Preview } from '../agent/ports.ts';

/** Times are in ms since the epoch. A new reply is a new object; one reply grows in place. */
export type ReplyPreview =
  | { readonly kind: 'reading'; readonly since: number; readonly promptTokens?: number }
  /** Between two replies: the call under way waits for what a person types, or does so no more. */
  | { readonly kind: 'input'; readonly since: number; readonly waiting: boolean }
  | { readonly kind: 'generating'; readonly since: number; tokens: number; content: string; reasoning: string };

/** The preview after one more sign of the server's; `promptTokens` is the prompt's size as far as it is known. */
export function grown(
  before: ReplyPreview | undefined,
  preview: Preview,
  promptTokens: number | undefined,
  now: number,
): ReplyPreview {
  if (preview.kind === 'reading') {
    return { kind: 'reading', since: now, ...(promptTokens !== undefined && { promptTokens }) };
  }
  const { content, reasoning } = preview;
  if (before?.kind !== 'generating') return { kind: 'generating', since: now, tokens: 1, content, reasoning };
  before.tokens++;
  before.content += content;
  before.reasoning += reasoning;
  return before;
}
