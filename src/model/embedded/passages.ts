/** Readable blocks → passages short enough to quote, each with its line and the heading above it. */
import type { Block } from './readable.ts';

/** The longest quote, in characters. */
export const longestQuote = 400;

/** A stretch of text that could be quoted. */
export interface Passage {
  readonly path: string;
  /** Where it starts, 1-based. */
  readonly line: number;
  readonly endLine: number;
  /** One line of plain text. */
  readonly text: string;
  /** The headings and signatures under which it stands, as far as they were read. */
  readonly heading: string;
}

/**
 * All passages of part of a file: from each sentence as far as the length allows, never across a heading. They overlap;
 * whoever picks some keeps them apart.
 */
export function passagesOf(path: string, blocks: readonly Block[]): readonly Passage[] {
  const passages: Passage[] = [];
  let heading = '';
  let section: Sentence[] = [];
  const close = () => {
    passages.push(...windows(path, heading, section));
    section = [];
  };
  for (const block of blocks) {
    if (block.isHeading) {
      close();
      heading = block.text;
    } else {
      section.push(...sentences(block));
    }
  }
  close();
  return passages;
}

interface Sentence {
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
}

function windows(path: string, heading: string, section: readonly Sentence[]): readonly Passage[] {
  return section.map((first, index) => {
    let { text, endLine } = first;
    for (const next of section.slice(index + 1)) {
      if (text.length + 1 + next.text.length > longestQuote) break;
      text += ` ${next.text}`;
      endLine = next.endLine;
    }
    return { path, line: first.line, endLine, text, heading };
  });
}

/** A block's sentences; one longer than a quote is cut between words. */
function sentences(block: Block): readonly Sentence[] {
  const parts: Sentence[] = [];
  let line = block.line;
  for (const [piece] of block.text.matchAll(/[\s\S]+?(?:[.!?…:;]["”')\]]*(?=\s)|$)\s*/g)) {
    for (const cut of cuts(piece)) {
      const breaks = cut.trimEnd().split('\n').length - 1;
      const text = cut.replace(/\s+/g, ' ').trim();
      if (text) parts.push({ line, endLine: line + breaks, text });
      line += cut.split('\n').length - 1;
    }
  }
  return parts;
}

function cuts(piece: string): readonly string[] {
  const parts: string[] = [];
  let rest = piece;
  while (rest.trim().length > longestQuote) {
    const space = rest.lastIndexOf(' ', longestQuote);
    const at = Math.max(space, rest.lastIndexOf('\n', longestQuote), 1);
    const end = at > longestQuote / 2 ? at : longestQuote;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}
