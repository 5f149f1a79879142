/** What a model server reads anew: a model of its prefix cache. */

/** One part of a prompt in order; parts are the same when their texts are. */
export interface PromptPart {
  readonly text: string;
  /** Its size in tokens. */
  readonly tokens: number;
}

/**
 * Tokens of `prompt` that are not in the cache when the server holds `cached` (its last prompt with the reply behind it):
 * all behind the longest common prefix. Within the first part that differs the common characters count by their share.
 */
export function uncachedTokens(cached: readonly PromptPart[], prompt: readonly PromptPart[]): number {
  let same = 0;
  while (same < prompt.length && prompt[same]?.text === cached[same]?.text) same++;
  const rest = prompt.slice(same).reduce((sum, part) => sum + part.tokens, 0);
  const [before, now] = [cached[same], prompt[same]];
  if (!before || !now || now.text.length === 0) return rest;
  return rest - now.tokens * (commonPrefix(before.text, now.text) / now.text.length);
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let i = 0;
  while (i < most && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
