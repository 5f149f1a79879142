/** The tags of thoughts and tool calls in a message's text. What begins a call is decided here and nowhere else. */

export const thinkOpen = '<think>';
export const thinkClose = '</think>';

/** What begins a call: MiroThinker's own form, Hermes' and Qwen's JSON, and functions by name (agent-protocol: text tool-call format). */
export const callOpenings = ['<use_mcp_tool>', '<tool_call>', '<function='] as const;
export type CallOpening = (typeof callOpenings)[number];

/** What nothing but a call has, and what stands in no call by itself. */
const strayTags = [
  '</use_mcp_tool>',
  '<server_name>',
  '</server_name>',
  '<tool_name>',
  '</tool_name>',
  '<arguments>',
  '</arguments>',
  '</tool_call>',
  '</function>',
] as const;

/** All that means something in the text of a message. */
export const textTags: readonly string[] = [thinkOpen, thinkClose, ...callOpenings, ...strayTags];

/**
 * Which of some tags begins at a place: the tag; `partial` when the text ends before that is known; undefined for none of
 * them.
 */
export function tagAt<Tag extends string>(text: string, at: number, tags: readonly Tag[]): Tag | 'partial' | undefined {
  const left = text.length - at;
  let partial = false;
  for (const tag of tags) {
    if (left >= tag.length ? text.startsWith(tag, at) : tag.startsWith(text.slice(at))) {
      if (left >= tag.length) return tag;
      partial = true;
    }
  }
  return partial ? 'partial' : undefined;
}

/** How many characters of a text that is none of some tags look like one. */
export function likeness(text: string, at: number, tags: readonly string[]): number {
  let longest = 0;
  for (const tag of tags) {
    let same = 0;
    while (same < tag.length && text.charAt(at + same) === tag.charAt(same)) same++;
    longest = Math.max(longest, same);
  }
  return longest;
}

/** Whether a tag begins a call. */
export function isCallOpening(tag: string): tag is CallOpening {
  return callOpenings.some((opening) => opening === tag);
}

/** Whether a UTF-16 unit is white space, as far as it may stand between tags. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}
