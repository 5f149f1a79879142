/** What has to change in a block's text so that a viewer follows nothing but links to the web. */
import type { Env, MarkdownIt, StateInline, Token } from 'markdown-it';
import { isWebAddress } from '../shared/shownSources.ts';
import { oneLine } from './reportSource.ts';

/** A change: what stands from `from` to `to` becomes `put`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

/** Whether a link stays: it leads to the web, or to a heading of the same text. */
export function isKept(href: string | undefined): boolean {
  return href !== undefined && (isWebAddress(href) || href.startsWith('#'));
}

/** Gives the changes of a content, by its own places, none over another. The parser is used up by this. */
export function inlineEditor(parser: MarkdownIt): (content: string, env: Env) => readonly Edit[] {
  const rules = parser.inline.ruler.getRules('');
  let whole = '';
  let edits: Edit[] = [];
  let settled: Stretch[] = [];
  parser.inline.ruler.before('citation', 'edits', (state, silent) => {
    const [from, before] = [state.pos, state.tokens.length];
    if (!rules.some((rule) => rule(state, silent))) return false;
    if (silent || state.src !== whole) return true;
    const tokens = state.tokens.slice(before).filter(({ type }) => type !== 'text');
    const found = editsFor(state, from, tokens);
    edits.push(...found.edits);
    settled.push(...found.settled);
    return true;
  });
  return (content, env) => {
    [whole, edits, settled] = [content, [], []];
    parser.inline.parse(content, parser, env, []);
    return [...edits, ...escapes(content, [...edits, ...settled]), ...settled.flatMap((each) => joins(content, each))];
  };
}

type Stretch = Pick<Edit, 'from' | 'to'>;

/** Changes, and stretches in which nothing is to be escaped. */
interface Found {
  readonly edits: readonly Edit[];
  readonly settled: readonly Stretch[];
}

/** What one construct needs that was read from `from` to where the parser stands now. */
function editsFor(state: StateInline, from: number, tokens: readonly Token[]): Found {
  const [first] = tokens;
  const to = state.pos;
  if (!first) return { edits: [], settled: [] };
  switch (first.type) {
    case 'linebreak':
      // A line that begins with it is a block of HTML, in which nothing is escaped.
      if (/(?:^|\n)\s*$/.test(state.src.slice(0, from))) return { edits: [{ from, to, put: '' }], settled: [] };
      return { edits: [], settled: [{ from, to }] };
    case 'raised':
    case 'code_inline':
    case 'text_special':
      return { edits: [], settled: [{ from, to }] };
    case 'citation':
      return { edits: [{ from, to, put: tokens.map(({ content }) => `[^${content}]`).join('') }], settled: [] };
    case 'link_open':
      return linkEdits(state, from, first);
    case 'image':
      return imageEdits(state, from, first);
    default:
      return { edits: [], settled: [] };
  }
}

function linkEdits(state: StateInline, from: number, token: Token): Found {
  const href = String(token.attrGet('href') ?? '');
  const to = state.pos;
  if (token.markup === 'autolink') return { edits: [], settled: isKept(href) ? [{ from, to }] : [] };
  const end = state.md.helpers.parseLinkLabel(state, from, true);
  if (isKept(href)) return { edits: [], settled: [{ from: end, to }] };
  if (state.src[end + 1] !== '(') return { edits: [], settled: [] };
  const target = targetBehind(state.src.slice(from + 1, end), href, state.md);
  return {
    edits: [
      { from, to: from + 1, put: '' },
      { from: end, to, put: target },
    ],
    settled: [],
  };
}

/** A picture becomes a link to it; in a link, where there cannot be another, its words. */
function imageEdits(state: StateInline, from: number, token: Token): Found {
  const source = String(token.attrGet('src') ?? '');
  const to = state.pos;
  const end = state.md.helpers.parseLinkLabel(state, from + 1, false);
  if (isKept(source) && state.linkLevel === 0) {
    if (token.content.trim() === '') return { edits: [{ from, to, put: `<${source}>` }], settled: [] };
    return { edits: [{ from, to: from + 1, put: '' }], settled: [{ from: end, to }] };
  }
  if (state.src[end + 1] !== '(') return { edits: [], settled: [] };
  const put = state.linkLevel > 0 ? token.content : `${token.content}${targetBehind(token.content, source, state.md)}`;
  return { edits: [{ from, to, put }], settled: [] };
}

function targetBehind(label: string, href: string, parser: MarkdownIt): string {
  const target = shownTarget(label.replace(/^`|`$/g, ''), href, parser);
  return target === '' ? '' : ` (\`${target}\`)`;
}

/** Where a link that goes led to, for code behind its words; empty where they say it. */
export function shownTarget(words: string, href: string, parser: MarkdownIt): string {
  const target = oneLine(parser.normalizeLinkText(href)).replaceAll('`', "'").replaceAll('|', '%7C');
  return target === words.trim() || target.startsWith('#') ? '' : target;
}

/** A backslash before what opens HTML or a picture, where that is not settled. */
function escapes(content: string, settled: readonly Stretch[]): readonly Edit[] {
  const found: Edit[] = [];
  const ordered = settled.toSorted((a, b) => a.from - b.from);
  let next = 0;
  for (const { index } of content.matchAll(/<(?=[a-z/!?])|!(?=\[)/gi)) {
    while ((ordered[next]?.to ?? Infinity) <= index) next++;
    if ((ordered[next]?.from ?? Infinity) > index) found.push({ from: index, to: index, put: '\\' });
  }
  return found;
}

/** No line begins with a tag, not in code either: HTML of a block of its own ends a paragraph before its code is read. */
function joins(content: string, { from, to }: Stretch): readonly Edit[] {
  return [...content.slice(from, to).matchAll(/\n\s*(?=<[a-z/!?])/gi)].map(({ index, 0: all }) => {
    return { from: from + index, to: from + index + all.length, put: ' ' };
  });
}
