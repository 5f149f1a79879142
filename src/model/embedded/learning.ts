/** Words for the follow-up search: what the best passages share beyond the question's own terms. */
import type { Note } from './memory.ts';
import { termOf, type Term } from './terms.ts';

const notesLookedAt = 4;
const mostWords = 4;

/** The words that occur in several of the best notes, names before words; fewest where the notes agree on little. */
export function learnedFrom(notes: readonly Note[], terms: readonly Term[]): readonly string[] {
  const best = notes.toSorted((a, b) => b.score - a.score).slice(0, notesLookedAt);
  const worth = new Map<string, number>();
  for (const { text, score } of best) {
    for (const word of new Set(text.match(/[A-Za-z_]\w{3,}/g))) {
      const term = termOf(word);
      if (!term || terms.some(({ test }) => test.test(word))) continue;
      worth.set(term.name, (worth.get(term.name) ?? 0) + score * (term.isName ? 1.5 : 1));
    }
  }
  const byWorth = [...worth].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  return byWorth.slice(0, mostWords).map(([word]) => word);
}
