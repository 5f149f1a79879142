/** Files that are put to a question, cut so that a model's window holds them and the work besides. */
import type { Attachment } from '../shared/refs.ts';

/** A file's text, in characters (agent-protocol: task files). */
export const maxFileChars = 200_000;
/** Of a window's tokens, what all files together may have in characters: about half of it. */
const charsPerToken = 1.5;

/** At most so much of each, and of all together; what is short is kept whole before what is long. Undefined without any. */
export function fitted(
  attachments: readonly Attachment[] | undefined,
  contextWindow: number | undefined,
): readonly Attachment[] | undefined {
  if (!attachments || attachments.length === 0) return undefined;
  const limit = limitFor(
    attachments.map(({ text }) => text.length),
    contextWindow === undefined || contextWindow <= 0 ? Infinity : contextWindow * charsPerToken,
  );
  return attachments.map((one) => (one.text.length <= limit ? one : cut(one, limit)));
}

/** The length that all may have so that the sum is not above `total`. */
function limitFor(lengths: readonly number[], total: number): number {
  let left = total;
  for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = left / (lengths.length - index);
    if (Math.min(length, maxFileChars) > share) return Math.floor(share);
    left -= Math.min(length, maxFileChars);
  }
  return maxFileChars;
}

/** No character is cut in two. */
function cut(attachment: Attachment, chars: number): Attachment {
  return { ...attachment, text: attachment.text.slice(0, chars).replace(/[\uD800-\uDBFF]$/, ''), truncated: true };
}
