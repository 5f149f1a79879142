/** The reader's answer: quotes with their places, or that it found nothing. */
import type { Memory, Note } from './memory.ts';
import { bestApart, type Query } from './ranking.ts';

/** Quotes in an answer. */
const mostQuotes = 5;
/** Below this the best passage has too little to do with the question. */
const lowestScore = 0.54;

const whoSpeaks =
  'This is the embedded reader: it quotes passages that fit the words of the question. It is not a language model and draws no conclusions.';

/** The final message in the form that the loop asks for; the box says `unknown` where nothing fits. */
export function finalAnswer(memory: Memory, query: Query, form: 'full' | 'short'): string {
  const quotes = quotesFor(memory);
  const [best] = quotes;
  const boxed = `\\boxed{${best ? shortAnswer(best, query) : 'unknown'}}`;
  if (form === 'short') return boxed;
  if (!best) return `${nothingFound(memory)}\n\n${whoSpeaks}\n\n${boxed}`;
  const list = quotes.map((quote) => `- “${quote.text}” ${placeOf(quote, memory)}`).join('\n');
  return `${whoSpeaks} What ${quotes.some(isPage) ? 'its sources say' : 'the workspace says'} that comes closest:\n\n${list}\n\n${boxed}`;
}

/** Where a quote stands: a page of the web as a link, a file with its line, a PDF with its page. */
function placeOf(quote: Note, { pages }: Memory): string {
  const { path, line } = quote;
  if (!isPage(quote)) return `[${path}:${line}]${/\.pdf$/i.test(path) ? ` (page ${line})` : ''}`;
  return `[${pages.find(({ uri }) => uri === path)?.title ?? path}](${path})`;
}

function isPage({ path }: Note): boolean {
  return /^https?:\/\//.test(path);
}

/** The passages that an answer quotes, best first; none when nothing fits well enough. */
export function quotesFor({ notes }: Memory): readonly Note[] {
  const best = Math.max(0, ...notes.map(({ score }) => score));
  if (best < lowestScore) return [];
  const ranked = notes
    .map((note) => ({
      passage: { ...note, heading: '' },
      score: (1 - fileShare) * note.score + fileShare * evidence(note.path, notes),
    }))
    .toSorted((a, b) => b.score - a.score);
  return bestApart(ranked, mostQuotes, 0.9).map(({ passage: { path, line, endLine, text }, score }) => ({
    path,
    line,
    endLine,
    text,
    score,
  }));
}
/** How much of a passage's worth is its file's. */
const fileShare = 0.3;

/** How much a file has to say on the question: the mean of its four best notes. */
function evidence(path: string, notes: readonly Note[]): number {
  const scores = notes.filter((note) => note.path === path).map(({ score }) => score);
  const best = scores.toSorted((a, b) => b - a).slice(0, 4);
  return best.reduce((sum, score) => sum + score, 0) / 4;
}

function nothingFound({ files, notes }: Memory): string {
  const absent = [...files].filter(([, count]) => count === 0).map(([name]) => `“${name}”`);
  const why = absent.length > 0 ? ` It holds nothing on ${absent.join(', ')}.` : '';
  const read = notes.length > 0 ? 'No passage that I read fits it well enough.' : 'No passage fits it.';
  return `I found no answer to this question in the workspace. ${read}${why}`;
}

/** The longest short answer, in characters. */
const longestBox = 160;

/** The sentence of the best quote that holds most of the question and asks nothing, with braces that balance. */
function shortAnswer({ text }: Note, { terms, weights }: Query): string {
  const sentences = text
    .split(/(?<=[.!?])\s+(?=\S)/)
    .map((sentence) => sentence.replace(/^(?:[-*•|#]+|\d+[.)])\s*/, ''));
  const worth = (sentence: string) => {
    if (sentence.length < 12 || sentence.endsWith('?')) return 0;
    return terms
      .filter(({ test }) => test.test(sentence))
      .reduce((sum, { name }) => sum + (weights.get(name) ?? 0), 0.1);
  };
  const best = sentences.toSorted((a, b) => worth(b) - worth(a))[0] ?? text;
  const short = best.length > longestBox ? `${best.slice(0, best.lastIndexOf(' ', longestBox - 1))}…` : best;
  return short.replace(/[.:;,]+$/, '').replace(/[{}\\]/g, (char) => `\\${char}`);
}
