/** The reader's answer: quotes with their places, or that it found nothing. */
import type { Memory, Note } from './memory.ts';
import { bestApart, type Query } from './ranking.ts';
import { shortAnswer } from './shortAnswer.ts';

/** Quotes in an answer. */
const mostQuotes = 5;
/** Below this the best passage has too little to do with the question. */
const lowestScore = 0.575;

const whoSpeaks =
  'This is the embedded reader: it quotes passages that fit the words of the question. It is not a language model and draws no conclusions.';

/** The final message in the form that the loop asks for; the box says `unknown` where nothing fits. */
export function finalAnswer(memory: Memory, query: Query, form: 'full' | 'short'): string {
  const quotes = quotesFor(memory);
  const [best] = quotes;
  const boxed = `\\boxed{${best ? shortAnswer(best.text, query) : 'unknown'}}`;
  if (form === 'short') return boxed;
  if (!best) return `${nothingFound(memory)}\n\n${whoSpeaks}\n\n${boxed}`;
  const list = quotes.map(({ text, path, line }) => `- “${text}” [${path}:${line}]`).join('\n');
  return `${whoSpeaks} What the workspace says that comes closest:\n\n${list}\n\n${boxed}`;
}

/** The passages that an answer quotes, best first; none when nothing fits well enough. */
export function quotesFor({ notes }: Memory): readonly Note[] {
  const best = Math.max(0, ...notes.map(({ score }) => score));
  if (best < lowestScore) return [];
  const ranked = notes
    .map((note) => ({
      passage: { ...note, heading: '', signature: '', sentences: [] },
      score: (1 - fileShare) * note.score + fileShare * evidence(note.path, notes),
    }))
    .toSorted((a, b) => b.score - a.score);
  return bestApart(ranked, mostQuotes).map(({ passage: { path, line, endLine, text }, score }) => ({
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
