/** Text that needs no reading but its charset: plain, Markdown, programs. */
import { decodeText } from './charset.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { linksIn } from './links.ts';
import { sectionsOf } from './sections.ts';

/** A text of any charset, with line ends of one kind. */
export function readPlainText(input: DocumentInput, kind: 'text' | 'code' | 'markdown'): ReadDocument {
  const { text: raw, charset, guessed } = decodeText(input.bytes, input.charset);
  const text = raw.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const notes = guessed ? [`The charset was guessed: ${charset}.`] : [];
  return {
    kind: kind === 'markdown' ? 'text' : kind,
    text,
    sections: kind === 'markdown' ? sectionsOf(text) : [],
    links: linksIn(text),
    notes,
  };
}
