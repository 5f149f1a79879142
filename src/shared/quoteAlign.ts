/** The words of a quote beside those of a stretch of text: where they agree, and the hunks where they do not. */
import { wordAt, type Words } from './quoteWords.ts';

/** Words that stand in one and not in the other. */
export interface Hunk {
  readonly quote: readonly string[];
  readonly text: readonly string[];
}

/** The best place of a quote in a stretch of text. Words are counted as in `Words`; `to` is not in it. */
export interface Alignment {
  readonly from: number;
  readonly to: number;
  readonly hunks: readonly Hunk[];
  /** Characters of the quote's words that stand there. */
  readonly sameChars: number;
  /** Words that agree in a row, at most. */
  readonly longestRun: number;
}

/** Lays words `quoteFrom…quoteTo` of a quote along words `from…to` of a text: fewest differing words, both ends free. */
export function align(
  quote: Words,
  text: Words,
  { from, to }: { readonly from: number; readonly to: number },
): Alignment {
  const wanted = list(quote, 0, quote.from.length);
  const there = list(text, from, to);
  const width = there.length + 1;
  const cost = new Uint16Array((wanted.length + 1) * width);
  for (let row = 1; row <= wanted.length; row++) {
    const word = wanted[row - 1];
    cost[row * width] = row;
    for (let column = 1; column < width; column++) {
      const at = row * width + column;
      const diagonal = (cost[at - width - 1] ?? 0) + (word === there[column - 1] ? 0 : 1);
      cost[at] = Math.min(diagonal, (cost[at - width] ?? 0) + 1, (cost[at - 1] ?? 0) + 1);
    }
  }
  return trace(wanted, there, cost, from);
}

function list(words: Words, from: number, to: number): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => wordAt(words, from + index));
}

/** From the cheapest end back to the beginning; of two ends the later one, where a word stands for another. */
function trace(wanted: readonly string[], there: readonly string[], cost: Uint16Array, offset: number): Alignment {
  const width = there.length + 1;
  let row = wanted.length;
  let column = 0;
  for (let each = 0; each < width; each++)
    if ((cost[row * width + each] ?? 0) <= (cost[row * width + column] ?? 0)) column = each;
  const end = column;
  const hunks: { quote: string[]; text: string[] }[] = [];
  let open: { quote: string[]; text: string[] } | undefined;
  let sameChars = 0;
  let run = 0;
  let longestRun = 0;
  while (row > 0) {
    const at = row * width + column;
    const here = cost[at] ?? 0;
    const word = wanted[row - 1] ?? '';
    const other = there[column - 1];
    if (column > 0 && word === other && here === (cost[at - width - 1] ?? 0)) {
      sameChars += word.length;
      longestRun = Math.max(longestRun, ++run);
      open = undefined;
      row--;
      column--;
      continue;
    }
    run = 0;
    if (!open) hunks.unshift((open = { quote: [], text: [] }));
    if (column > 0 && here === (cost[at - width - 1] ?? 0) + 1) {
      open.quote.unshift(word);
      open.text.unshift(other ?? '');
      row--;
      column--;
    } else if (here === (cost[at - width] ?? 0) + 1) {
      open.quote.unshift(word);
      row--;
    } else {
      open.text.unshift(other ?? '');
      column--;
    }
  }
  return { from: offset + column, to: offset + end, hunks, sameChars, longestRun };
}
