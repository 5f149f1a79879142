/** Whether what an answer cites was seen in its run. */
import type { NumberedSource } from './citations.ts';
import type { Trajectory } from './trajectory.ts';

/** `quoted`: the quote occurs in an observation; `seen`: the file or page does; `unseen`: neither. Without a turn: attached. */
export type SourceCheck = { readonly kind: 'quoted' | 'seen'; readonly turn?: number } | { readonly kind: 'unseen' };

/** Looks for a source in the run's observations and what was attached to its questions, newest first. A quote that is not found makes it unseen. */
export function checkSource(
  { uri, quote }: Pick<NumberedSource, 'uri' | 'quote'>,
  trajectory: Pick<Trajectory, 'items'>,
): SourceCheck {
  const wanted = quote === undefined ? undefined : squeeze(quote);
  const word = longestWord(quote ?? '');
  for (const item of trajectory.items.toReversed()) {
    for (const { path, text } of item.kind === 'question' ? (item.attachments ?? []) : []) {
      if (wanted !== undefined && text.includes(word) && squeeze(text).includes(wanted)) return { kind: 'quoted' };
      if (wanted === undefined && path === uri) return { kind: 'seen' };
    }
    if (item.kind !== 'turn') continue;
    for (const call of item.calls) {
      if (call.outcome !== 'ok' && call.outcome !== 'failed') continue;
      const content = call.content ?? '';
      if (wanted !== undefined && content.includes(word) && squeeze(content).includes(wanted))
        return { kind: 'quoted', turn: item.turn };
      if (wanted === undefined && mentions(call.arguments, content, uri)) return { kind: 'seen', turn: item.turn };
    }
  }
  return { kind: 'unseen' };
}

function mentions(args: Readonly<Record<string, unknown>>, content: string, uri: string): boolean {
  return content.includes(uri) || Object.values(args).some((value) => typeof value === 'string' && value.includes(uri));
}

/** An observation without this word cannot hold the quote, and is passed over quickly. */
function longestWord(quote: string): string {
  const words = quote.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

/** White space, line numbers before a line and typographic quotes may differ. */
function squeeze(text: string): string {
  return text
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/^\s*\d+[:|\t]/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
