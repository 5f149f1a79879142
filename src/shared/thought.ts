/** A reply's thought and the text beside it, wherever the server put the reasoning. */
export interface ThoughtAndText {
  readonly thought: string;
  readonly text: string;
}

/**
 * Splits a reply: reasoning of its own field, or inline `<think>…</think>` (unclosed, or closed only, as some chat
 * templates leave it), and the visible text. Tool-call blocks are left out of the text.
 */
export function splitThought(content: string, reasoning?: string): ThoughtAndText {
  const close = content.indexOf('</think>');
  const open = content.indexOf('<think>');
  let inline = '';
  let rest = content;
  if (close >= 0 && (open < 0 || open < close)) {
    inline = content.slice(open < 0 ? 0 : open + '<think>'.length, close);
    rest = (open < 0 ? '' : content.slice(0, open)) + content.slice(close + '</think>'.length);
  } else if (open >= 0 && open < firstCall(content)) {
    const end = firstCall(content);
    inline = content.slice(open + '<think>'.length, end);
    rest = content.slice(0, open) + content.slice(end);
  }
  const text = rest.slice(0, firstCall(rest)).trim();
  const thought = [reasoning ?? '', inline]
    .map((part) => part.trim())
    .filter(Boolean)
    .join('\n\n');
  return { thought, text };
}

function firstCall(content: string): number {
  const at = content.search(/<use_mcp_tool>|<tool_call>/);
  return at < 0 ? content.length : at;
}
