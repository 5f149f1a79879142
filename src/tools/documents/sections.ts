/** The headings of a text in Markdown. */
import type { Section } from './document.ts';

/** More than these is no outline. */
const maxSections = 2000;

/** Headings in order, without those in fenced code. */
export function sectionsOf(text: string): readonly Section[] {
  const sections: Section[] = [];
  let fence: string | undefined;
  let from = 0;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const heading = fence === undefined ? /^(#{1,6}) +(.+?)(?: +#+)? *$/.exec(line) : null;
    if (heading?.[1] !== undefined && heading[2] !== undefined && sections.length < maxSections) {
      sections.push({ title: plain(heading[2]), level: heading[1].length, from });
    }
    from += line.length + 1;
  }
  return sections;
}

/** A heading's words: links by their text, no emphasis. */
function plain(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]/g, '')
    .trim();
}
