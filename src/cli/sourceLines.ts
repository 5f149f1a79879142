/** An answer's sources on a terminal, each with what came of its check. */
import type { Answer } from '../shared/items.ts';
import { checkWords, placeOf, shownSources, stateWords, type ShownSource } from '../shared/shownSources.ts';
import { unsupportedWords } from '../shared/unsupportedWords.ts';
import { showControls, shownPath } from '../shared/visibleText.ts';

const marks = { verified: '✓', partly: '≈', missing: '✗' } as const;
/** Marked sentences that are listed, and characters of one. */
const mostClaims = 30;
const longestClaim = 160;

/** The list, and a line that sums it up; empty where the answer cites nothing and nothing was checked. */
export function sourceLines(answer: Pick<Answer, 'text' | 'sources' | 'checked'>): string {
  const sources = shownSources(answer);
  const words = checkWords(answer);
  const list = sources.length > 0 ? ['Sources:', ...sources.flatMap(linesOf)] : [];
  const sum = words === '' ? [] : [sources.length > 0 ? `Citations: ${words}.` : `${words}.`];
  const lines = [...list, ...sum, ...claimLines(answer)];
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

/** Sentences and rows that nothing cited bears out, each with why. */
function claimLines({ text, checked }: Pick<Answer, 'text' | 'checked'>): readonly string[] {
  const claims = checked?.unsupported ?? [];
  const lines = claims.slice(0, mostClaims).map((mark) => {
    const words = showControls(text.slice(mark.from, mark.to).replace(/\s+/g, ' '));
    return `  ? “${words.length > longestClaim ? `${words.slice(0, longestClaim - 1)}…` : words}”  ${unsupportedWords(mark)}`;
  });
  return claims.length > mostClaims ? [...lines, `  and ${claims.length - mostClaims} more`] : lines;
}

function linesOf(source: ShownSource): readonly string[] {
  const { number, quote, title, check } = source;
  const place = shownPath(placeOf(source));
  const name = [title === undefined ? '' : shownPath(title), place].filter(Boolean).join(' · ');
  const state = check ? `${marks[check.state]} ` : '';
  const head = `  ${state}[${number}] ${name}${check ? `  ${stateWords[check.state]}` : ''}`;
  const said = quote === undefined ? [] : [`      “${showControls(quote)}”`];
  const why = check?.why === undefined ? [] : [`      ${showControls(check.why)}`];
  return [head, ...said, ...why];
}
