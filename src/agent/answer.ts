/** The final answer: the box, what is no answer, and the sources that the text cites (agent-protocol: final answer). */
import type { Source } from '../shared/events.ts';
import { numberSources } from '../shared/citations.ts';
import { splitThought } from '../shared/thought.ts';

const noAnswers = new Set(['', '?', '??', '???', '？', '……', '…', '...', 'unknown']);

/** The contents of the last `\boxed{}`: nested and escaped braces, white space before the brace, unclosed to the end. */
export function lastBoxed(text: string): string | undefined {
  const starts = [...text.matchAll(/\\boxed\s*\{/g)];
  const last = starts.at(-1);
  return last && text.slice(last.index + last[0].length, boxEnd(text, last.index + last[0].length)).trim();
}

/** The boxed answer of a reply's visible text; undefined where there is none or only a blacklisted one. */
export function boxedAnswer(text: string): string | undefined {
  const boxed = lastBoxed(text);
  return boxed === undefined || noAnswers.has(boxed.toLowerCase()) ? undefined : boxed;
}

/** The readable part of a reply: without thought, tool-call blocks and the last box. */
export function answerText(content: string, reasoning?: string): string {
  const { text } = splitThought(content, reasoning);
  const last = [...text.matchAll(/\\boxed\s*\{/g)].at(-1);
  if (!last) return text;
  const end = boxEnd(text, last.index + last[0].length);
  const before = text.slice(0, last.index).replace(/(?:\$+|\\\[|\\\(|\*{2})\s*$/, '');
  const after = text.slice(end + 1).replace(/^\s*(?:\$+|\\\]|\\\)|\*{2})/, '');
  // In the middle of a sentence its words stay; on a line of its own the box goes.
  const alone = /(?:^|\n)[\s>*-]*$/.test(before) && /^[\s.,;:!]*(?:\n|$)/.test(after);
  if (!alone) return `${before}${text.slice(last.index + last[0].length, end).trim()}${after}`.trim();
  const rest = after.replace(/^[ \t.,;:!]*/, '').trim();
  return `${before.trimEnd()}${rest ? `\n\n${rest}` : ''}`.trim();
}

function boxEnd(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') i++;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i;
  }
  return text.length;
}

/** The sources that an answer cites, in the order of their numbers: its own list, then `[path:line]` and `[title](url)`. */
export function citedSources(text: string): readonly Source[] {
  return numberSources(text, []).map(({ uri, title, line, quote }) => ({
    uri,
    ...(title !== undefined && { title }),
    ...(line !== undefined && { startLine: line }),
    ...(quote !== undefined ? { quote } : line !== undefined && quoteBefore(text, text.indexOf(`${uri}:${line}`))),
  }));
}

/** The quotation that stands right before a citation's bracket, if one does. */
function quoteBefore(text: string, at: number): { quote?: string } {
  const quote = /["“]([^"“”]{3,400})["”][\s.,;]*\[?$/.exec(text.slice(Math.max(0, at - 420), at))?.[1];
  return quote ? { quote } : {};
}
