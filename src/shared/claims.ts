/**
 * Sentences, list items and table rows of an answer that claim something and cite nothing themselves, each with what is
 * checkable in it and the citations that may speak for it. Left out is what claims nothing: headings, quotations, code,
 * questions, introductions and labels without a fact, and words about the work itself.
 */
import { claimingText } from './claimText.ts';
import { factsOf, type ClaimFact, type FactPlace } from './claimFacts.ts';
import { capitalUse } from './claimNames.ts';
import { passagesOf, type Passage } from './claimPassages.ts';
import type { Cited } from './citedIn.ts';
import type { Span } from './evidence.ts';
import { isAboutTheWork, isDrawn, isInstruction } from './reportWords.ts';

/** One claim. */
export interface Claim {
  readonly span: Span;
  readonly facts: readonly ClaimFact[];
  /** What may speak for it, the nearest first; one of these has to have all of its facts. */
  readonly speaking: readonly Cited[];
  /** It sums up: what sentences that are cited say bears it out as well. */
  readonly sumsUp: boolean;
}

/** The claims of a text that cite nothing themselves, and the sentences that do. */
export interface Claims {
  readonly claims: readonly Claim[];
  readonly citedText: string;
}

/** Words, or Chinese characters, that a claim without a fact has at least. */
const fewestWords = 6;
const fewestCharacters = 12;
/** Words that say how much, without a number. */
const quantity = /\b(?:twice|half|doubled?|tripled?|quadrupled|majority|minority)\b/i;
/** Claims of one text that are looked at. */
const mostClaims = 2_000;
/** Cells of a row that are. */
const mostCells = 100;
/** Sentences that are looked at: more of them stand in no text that somebody reads. */
const mostPassages = 5_000;

/** In the text's own places, in its order. */
export function claimsOf(text: string): Claims {
  const shown = claimingText(text);
  const capitals = capitalUse(shown);
  const passages = passagesOf(shown);
  const claims: Claim[] = [];
  for (const passage of passages.filter(({ cited }) => !cited).slice(0, mostPassages)) {
    if (claims.length >= mostClaims) break;
    const { span, speaking } = passage;
    const sentence = shown.slice(span.from, span.to);
    const facts = passage.row
      ? rowFacts(shown, passage.row, { capitals })
      : factsOf(sentence, { capitals, introduces: passage.introduces });
    if (claimsSomething(sentence, passage, facts, shown))
      claims.push({ span, facts, speaking, sumsUp: passage.sumsUp || isDrawn(plain(sentence)) });
  }
  const cited = passages.filter((passage) => passage.cited).map(({ span }) => shown.slice(span.from, span.to));
  return { claims, citedText: cited.join('\n\n') };
}

/** Without numbers of rows, and with what the header says of a column's numbers. */
function rowFacts(
  text: string,
  { cells, header }: NonNullable<Passage['row']>,
  place: FactPlace,
): readonly ClaimFact[] {
  return cells.slice(0, mostCells).flatMap((cell, index) => {
    const column = header[index];
    const title = column ? plain(text.slice(column.from, column.to)) : '';
    if (/^(?:#|no\.?|nr\.?|rank|id|step|sources?|refs?|references?|citations?|来源)$/i.test(title)) return [];
    const scale = /\bbillions?\b/i.test(title)
      ? 1e9
      : /\bmillions?\b/i.test(title)
        ? 1e6
        : /\bthousands?\b/i.test(title)
          ? 1e3
          : 1;
    return factsOf(text.slice(cell.from, cell.to), { ...place, cell: true, scale });
  });
}

function claimsSomething(
  sentence: string,
  { row, item, introduces, sumsUp }: Passage,
  facts: readonly ClaimFact[],
  text: string,
): boolean {
  const words = plain(sentence);
  if (row) return facts.length > 0 || row.cells.some(({ from, to }) => wordsIn(text.slice(from, to)) >= fewestWords);
  if (/[?？]["”’)\]]*$/.test(words) || isInstruction(words)) return false;
  if (isAboutTheWork(words, facts.length > 0)) return false;
  if (facts.length === 0 && (introduces || sumsUp || /[:：]$/.test(words) || isDrawn(words))) return false;
  if (facts.some(({ kind }) => kind !== 'name')) return true;
  if (facts.length > 0 && (item || wordsIn(words) >= 3)) return true;
  if (quantity.test(words)) return true;
  const chinese = words.match(/[\u3040-\u30FF\u3400-\u9FFF]/g)?.length ?? 0;
  return chinese > 0 ? chinese >= fewestCharacters : wordsIn(words) >= fewestWords;
}

function wordsIn(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,-]*/gu)?.length ?? 0;
}

function plain(text: string): string {
  return text.replace(/[*_~]/g, '').trim();
}
