/** Tags of a page, found in one pass and without a tree: for pages that no tree can be made of. */

/** Elements whose content is no markup. */
const raw = /^(?:script|style|textarea|title|xmp|iframe|noembed|noframes)$/;

/** A start or end tag, or a comment (with an empty name), from its `<` to behind its `>`; raw content belongs to its start tag. */
interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly from: number;
  /** Behind the tag itself. */
  readonly to: number;
  /** Behind what belongs to it. */
  readonly after: number;
}

/** All tags in order, in time that grows with the text alone. */
export function* tagsOf(html: string): Generator<Tag> {
  const start = /<(?:(\/?)([a-z][^\s/>]{0,99})|!--|[!?])/gi;
  for (let found = start.exec(html); found; found = start.exec(html)) {
    const [mark, end = '', name = ''] = found;
    const from = found.index;
    if (name === '') {
      const close = html.indexOf(mark === '<!--' ? '-->' : '>', from + 2);
      const to = close < 0 ? html.length : close + (mark === '<!--' ? 3 : 1);
      start.lastIndex = to;
      yield { name: '', isEnd: false, from, to, after: to };
      continue;
    }
    const to = tagEnd(html, start.lastIndex);
    const lower = name.toLowerCase();
    let after = to;
    if (end === '' && raw.test(lower)) {
      const closing = new RegExp(`</${lower}`, 'gi');
      closing.lastIndex = to;
      after = closing.exec(html)?.index ?? html.length;
    }
    start.lastIndex = after;
    yield { name: lower, isEnd: end !== '', from, to, after };
  }
}

/** Behind the `>` that is not in quotes. */
function tagEnd(html: string, from: number): number {
  const part = /[>"']/g;
  part.lastIndex = from;
  for (let found = part.exec(html); found; found = part.exec(html)) {
    if (found[0] === '>') return part.lastIndex;
    // A quote opens a value only behind `=`.
    if (!/=\s{0,20}$/.test(html.slice(Math.max(from, found.index - 22), found.index))) continue;
    const close = html.indexOf(found[0], part.lastIndex);
    if (close < 0) return html.length;
    part.lastIndex = close + 1;
  }
  return html.length;
}
