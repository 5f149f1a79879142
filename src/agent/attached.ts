/** Files that were put to a question, as they stand in its prompt: data, delimited, the same byte by byte each time. */
import type { Attachment } from '../shared/refs.ts';
import { foreign } from './foreign.ts';

/** Between the question and its files; the embedded reader takes it off again. */
export const attachedHead = '\n\nFiles attached to the question, as text:\n';

/** What follows the question; empty without files. */
export function attachedText(attachments: readonly Attachment[] = []): string {
  if (attachments.length === 0) return '';
  const files = attachments.map(({ path, text, truncated }) => {
    return `\n${foreign(path, text)}${truncated ? `\n(Only the beginning of ${path}: it is longer.)` : ''}`;
  });
  return attachedHead + files.join('\n');
}

const glimpseChars = 2_000;

/** The beginnings, for a request that is about the question and not its answer. */
export function glimpses(attachments: readonly Attachment[] = []): readonly Attachment[] {
  return attachments.map((one) => {
    return one.text.length <= glimpseChars ? one : { ...one, text: one.text.slice(0, glimpseChars), truncated: true };
  });
}
