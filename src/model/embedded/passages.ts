/** Readable blocks → passages short enough to quote, each with its line and what stands above it. */
import type { Block } from './readable.ts';

/** The longest quote, in characters. */
export const longestQuote = 400;

/** A sentence, or a part of a long one. */
export interface Sentence {
  /** 1-based. */
  readonly line: number;
  readonly endLine: number;
  /** One line of plain text. */
  readonly text: string;
  /** Whether a paragraph, list item or signature begins with it. */
  readonly opens: boolean;
}

/** A stretch of text that could be quoted: whole sentences as far as the length allows. */
export interface Passage {
  readonly path: string;
  /** Where it starts, 1-based. */
  readonly line: number;
  readonly endLine: number;
  /** One line of plain text. */
  readonly text: string;
  /** The heading under which it stands, as far as it was read. */
  readonly heading: string;
  /** The signature or term that it describes; empty where it describes none. */
  readonly signature: string;
  readonly sentences: readonly Sentence[];
}

/**
 * All passages of part of a file: from each sentence as far as the length allows, never across a heading or a signature.
 * They overlap; whoever picks some keeps them apart.
 */
export function passagesOf(path: string, blocks: readonly Block[]): readonly Passage[] {
  const passages: Passage[] = [];
  let heading = '';
  let signature: Block | undefined;
  let section: Sentence[] = [];
  const close = () => {
    passages.push(...windows(path, heading, signature?.text.replace(/\s+/g, ' ') ?? '', section));
    section = [];
  };
  for (const block of blocks) {
    const leaves = signature !== undefined && block.kind === 'text' && block.indent < signature.indent + 1;
    const isDescribed = signature?.indent === 0 && block.indent === 0 && !/\.re?st\b/i.test(path);
    if (block.kind !== 'text' || (leaves && !isDescribed)) {
      close();
      signature = block.kind === 'signature' ? block : undefined;
    }
    if (block.kind === 'heading') heading = block.text.replace(/\s+/g, ' ');
    else section.push(...sentences(block));
  }
  close();
  return passages;
}

function windows(path: string, heading: string, signature: string, section: readonly Sentence[]): readonly Passage[] {
  return section.map((first, index) => {
    const within = [first];
    let { text } = first;
    for (const [after, next] of section.slice(index + 1).entries()) {
      if (text.length + 1 + next.text.length > longestQuote) break;
      const fits = text.length + 1 + blockLength(section, index + 1 + after) <= longestQuote;
      if (next.opens && text.length > longEnough && !fits) break;
      text += ` ${next.text}`;
      within.push(next);
    }
    const endLine = within.at(-1)?.endLine ?? first.endLine;
    return { path, line: first.line, endLine, text, heading, signature, sentences: within };
  });
}

/** A passage of so many characters does not begin a paragraph that it cannot finish. */
const longEnough = 300;

/** Characters of the block that begins there. */
function blockLength(section: readonly Sentence[], from: number): number {
  const rest = section.slice(from + 1);
  const next = rest.findIndex(({ opens }) => opens);
  const within = [section[from], ...rest.slice(0, next < 0 ? rest.length : next)];
  return within.reduce((sum, sentence) => sum + (sentence?.text.length ?? 0) + 1, -1);
}

/** A block's sentences; one longer than a quote is cut between words. */
function sentences(block: Block): readonly Sentence[] {
  const parts: Sentence[] = [];
  let line = block.line;
  for (const [piece] of block.text.matchAll(/[\s\S]+?(?:(?<!^\s*\d+)[.!?…:;]["”')\]]*(?=\s)|$)\s*/g)) {
    for (const cut of cuts(piece)) {
      const breaks = cut.trimEnd().split('\n').length - 1;
      const text = cut.replace(/\s+/g, ' ').trim();
      if (text) parts.push({ line, endLine: line + breaks, text, opens: parts.length === 0 });
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
