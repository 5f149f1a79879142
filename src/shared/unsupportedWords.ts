/** In words, why a sentence or row of an answer is marked. */
import type { Unsupported } from './evidence.ts';
import { countOf } from './quantities.ts';
import { showControls } from './visibleText.ts';

/** A few words that stand behind it: "uncited", or "not in source 2: “1905”". */
export function unsupportedWords({ missing = [], sought = [] }: Unsupported): string {
  if (missing.length === 0) return 'uncited';
  const where =
    sought.length === 0 ? 'the source beside it' : `${sought.length === 1 ? 'source' : 'sources'} ${numbersIn(sought)}`;
  return `not in ${where}: ${missing.map(inMarks).join(', ')}`;
}

/** The same as a sentence of its own. */
export function unsupportedTitle(mark: Unsupported): string {
  if (!mark.missing || mark.missing.length === 0) return 'This sentence cites nothing';
  return `This sentence cites nothing itself, and what was read of the source cited beside it does not have all of it: ${unsupportedWords(mark)}`;
}

/** "3 sentences cite nothing, 1 sentence goes beyond its source"; empty for none. */
export function unsupportedSum(marks: readonly Unsupported[]): string {
  const bare = marks.filter(({ missing = [] }) => missing.length === 0).length;
  const beyond = marks.length - bare;
  return [
    bare > 0 && `${countOf(bare, 'sentence')} ${bare === 1 ? 'cites' : 'cite'} nothing`,
    beyond > 0 &&
      `${countOf(beyond, 'sentence')} ${beyond === 1 ? 'goes beyond its source' : 'go beyond their sources'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function numbersIn(sought: readonly number[]): string {
  const shown = sought.slice(0, 6).join(', ');
  return sought.length > 6 ? `${shown} …` : shown;
}

function inMarks(text: string): string {
  const shown = showControls(text.replace(/\s+/g, ' ').trim());
  return /^[“"«「]/.test(shown) ? shown : `“${shown}”`;
}
