/** How full the context is, and what the server read anew, in a person's words: the panel's gauge. */
import { formatTokens } from './quantities.ts';
import type { Trajectory } from './trajectory.ts';

export interface ContextDescription {
  /** Tokens of the newest prompt and reply as the server counted them; 0 where it did not. */
  readonly used: number;
  /** The window in tokens; 0 when it is not known. */
  readonly window: number;
  /** "96k of 256k"; empty without a window. */
  readonly text: string;
  /** "91% cached": the share of all prompt tokens that came from the server's cache; empty where it does not tell. */
  readonly cached: string;
  /** All of it in sentences. */
  readonly detail: string;
}

/** Describes the context of a run as its log says. */
export function describeContext({ usage, settings, items }: Trajectory): ContextDescription {
  const window = settings?.contextWindow ?? 0;
  const used = usage ? usage.promptTokens + usage.completionTokens : 0;
  const text = window > 0 ? `${formatTokens(used)} of ${formatTokens(window)}` : '';
  const { prompt, cached } = promptTokens(items);
  const inWindow = text && `Context: ${text} tokens of the window.`;
  if (prompt === 0) return { used, window, text, cached: '', detail: inWindow };
  const read = `Read anew: ${formatTokens(prompt - cached)} of ${formatTokens(prompt)} prompt tokens; ${formatTokens(cached)} came from the server’s cache.`;
  const share = `${Math.round((100 * cached) / prompt)}% cached`;
  return { used, window, text, cached: share, detail: [inWindow, read].filter(Boolean).join(' ') };
}

/** Sums over the replies whose server told what came from its cache. */
function promptTokens(items: Trajectory['items']): { readonly prompt: number; readonly cached: number } {
  let [prompt, cached] = [0, 0];
  for (const item of items) {
    if (item.kind !== 'turn' || item.usage?.cachedTokens === undefined) continue;
    prompt += item.usage.promptTokens;
    cached += Math.min(item.usage.cachedTokens, item.usage.promptTokens);
  }
  return { prompt, cached };
}
