/** The short answer: of the best quote, the sentence that fits the question best, or its clauses that do. */
import { sentenceScore, type Query } from './ranking.ts';

/** The longest short answer, in characters. */
const longestShortAnswer = 120;

/** A phrase of the quote, ready for a box: whole words, with braces that are escaped. */
export function shortAnswer(quote: string, query: Query): string {
  const sentences = quote.split(/(?<=[.!?]["”')\]]*)\s+(?=[^a-z\s])/);
  const best = bestOf(sentences, query);
  const sentence = sentences[best] ?? quote;
  const parts = sentence.length > longestShortAnswer ? sentence.split(/(?<=[,;:—])\s+|\s+(?=[(–—])/) : [sentence];
  const short = cut(grown(parts, bestOf(parts, query))).replace(/^(?:[-*•]|\d+[.)])\s+/, '');
  return short.replace(/[.:;,]+$/, '').replace(/[{}\\]/g, (char) => `\\${char}`);
}

function bestOf(texts: readonly string[], query: Query): number {
  const scores = texts.map((text) => sentenceScore(text, query));
  return Math.max(0, scores.indexOf(Math.max(...scores)));
}

/** The part with those next to it, as long as they fit: those after it first, which go on with what it says. */
function grown(parts: readonly string[], at: number): string {
  let text = parts[at] ?? '';
  let after = at + 1;
  let before = at - 1;
  const fits = (part: string | undefined): part is string =>
    part !== undefined && text.length + 1 + part.length <= longestShortAnswer;
  for (let part = parts[after]; fits(part); part = parts[++after]) text = `${text} ${part}`;
  for (let part = parts[before]; fits(part); part = parts[--before]) text = `${part} ${text}`;
  return text;
}

function cut(text: string): string {
  if (text.length <= longestShortAnswer) return text;
  const end = text.lastIndexOf(' ', longestShortAnswer - 1);
  return `${text.slice(0, end > 0 ? end : longestShortAnswer - 1)}…`;
}
