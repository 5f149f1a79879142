/** Markdown of the model, as safe nodes. Loaded on first sight of an answer. */
import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import { numberBracket, parseNumbers, parsePlaces } from '../src/shared/citations.ts';

/**
 * A fragment of plain, sanitised elements: no raw HTML, no images, no styles. `[path:line]` becomes
 * `<cite data-uri data-line>`, `[n]` of a source `<cite data-number>`; links keep their address in `href` and are to be replaced by whoever shows them.
 */
export function renderMarkdown(text: string, isSource: (number: number) => boolean = () => false): DocumentFragment {
  return DOMPurify.sanitize(makeParser(isSource).render(text), {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: [
      ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 's', 'code', 'pre', 'blockquote'],
      ...['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a', 'cite'],
    ],
    ALLOWED_ATTR: ['href', 'start', 'data-uri', 'data-line', 'data-number'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}

function makeParser(isSource: (number: number) => boolean) {
  const parser = new MarkdownIt({ html: false, linkify: true, breaks: false, typographer: false });
  parser.disable('image');
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  parser.inline.ruler.before('link', 'citation', (state, silent) => {
    if (state.src.charAt(state.pos) !== '[') return false;
    const end = state.src.indexOf(']', state.pos);
    if (end < 0 || end >= state.posMax || state.src.charAt(end + 1) === '(') return false;
    const places = parsePlaces(state.src.slice(state.pos + 1, end));
    if (!places) return false;
    if (!silent) for (const place of places) state.push('citation', 'cite', 0).meta = { ...place };
    state.pos = end + 1;
    return true;
  });
  parser.inline.ruler.before('citation', 'numbers', (state, silent) => {
    const bracket = new RegExp(numberBracket.source, 'uy');
    bracket.lastIndex = state.pos;
    const match = bracket.exec(state.src);
    const numbers = parseNumbers(match?.[1] ?? match?.[2] ?? match?.[3] ?? '');
    if (!match || !numbers || numbers.length === 0 || !numbers.every(isSource)) return false;
    if (!silent) for (const number of numbers) state.push('number', 'cite', 0).content = String(number);
    state.pos += match[0].length;
    return true;
  });
  parser.renderer.rules['number'] = (tokens, index) =>
    `<cite data-number="${parser.utils.escapeHtml(tokens[index]?.content ?? '')}"></cite>`;
  parser.renderer.rules['citation'] = (tokens, index) => {
    const place = readPlace(tokens[index]?.meta);
    return `<cite data-uri="${parser.utils.escapeHtml(place.uri)}" data-line="${place.line}"></cite>`;
  };
  return parser;
}

function readPlace(meta: unknown): { readonly uri: string; readonly line: string } {
  if (typeof meta !== 'object' || meta === null || !('uri' in meta) || !('line' in meta)) return { uri: '', line: '' };
  return { uri: String(meta.uri), line: String(meta.line) };
}
