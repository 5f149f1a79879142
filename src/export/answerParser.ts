/** The Markdown parser of the exports: CommonMark with tables, and the answer's ways of citing. */
import MarkdownIt, { type MarkdownIt as Parser } from 'markdown-it';
import { citationKey, numberBracket, parseNumbers, parsePlaces, type NumberedSource } from '../shared/citations.ts';

/** The tags that models write into tables and formulas, and that do no harm. */
const plainTag = /<br[ ]?\/?>|<(su[bp])>([^<>&`[\]\\\n]{1,60})<\/\1>/iy;

/**
 * A parser that reads HTML as text but for `<br>` and `<sub>2</sub>`, and `[n]` or `[path:line]` of one of the sources as a token `citation` a number, which
 * is its content.
 */
export function answerParser(sources: readonly NumberedSource[]): Parser {
  const numbers = new Set(sources.map(({ number }) => number));
  const byPlace = new Map(sources.map((source) => [citationKey(source), source.number]));
  const parser = new MarkdownIt({ html: false, linkify: false, breaks: false, typographer: false });
  const [text] = parser.inline.ruler.getRules('');
  parser.inline.ruler.at('text', (state, silent) => {
    const [from, pending] = [state.pos, state.pending];
    if (text?.(state, silent) !== true) return false;
    const wide = state.src.slice(from + 1, state.pos).search(/[【［]/);
    if (wide < 0) return true;
    state.pos = from + 1 + wide;
    if (!silent) state.pending = pending + state.src.slice(from, state.pos);
    return true;
  });
  parser.inline.ruler.before('text', 'citation', (state, silent) => {
    const bracket = new RegExp(numberBracket.source, 'uy');
    bracket.lastIndex = state.pos;
    const match = bracket.exec(state.src);
    if (!match || match.index + match[0].length > state.posMax) return false;
    const contents = match[1] ?? match[2] ?? match[3] ?? '';
    const named = parseNumbers(contents) ?? parsePlaces(contents)?.map((place) => byPlace.get(citationKey(place)) ?? 0);
    if (!named || named.length === 0 || !named.every((number) => numbers.has(number))) return false;
    if (!silent) for (const number of named) state.push('citation', 'sup', 0).content = String(number);
    state.pos = match.index + match[0].length;
    return true;
  });
  parser.inline.ruler.before('autolink', 'tag', (state, silent) => {
    plainTag.lastIndex = state.pos;
    const [all, name, content = ''] = plainTag.exec(state.src) ?? [];
    if (all === undefined || state.pos + all.length > state.posMax) return false;
    if (!silent)
      state.push(name === undefined ? 'linebreak' : 'raised', name?.toLowerCase() ?? 'br', 0).content = content;
    state.pos += all.length;
    return true;
  });
  return parser;
}
