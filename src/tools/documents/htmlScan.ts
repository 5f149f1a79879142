/** Tags of a page, found in one pass and without a tree: what tells whether a tree can be made of it. */

/** What of a page is too much to make a tree of. */
const bounds = { chars: 5_000_000, tags: 150_000, depth: 1000, entities: 300_000, tagChars: 100_000, attributes: 1000 };

/** Elements without an end tag, and those that the next of their kind ends. */
const flat =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|optgroup|html|head|body)$/;
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

/** The page with attributes of monstrous tags left out; `excess`: why no tree is to be made of it. */
export function boundedPage(html: string): { readonly html: string; readonly excess?: string } {
  if (html.length > bounds.chars) return { html, excess: `it has ${html.length} characters` };
  const open: string[] = [];
  const counts = new Map<string, number>();
  const pieces: string[] = [];
  let [copied, tags] = [0, 0];
  for (const { name, isEnd, from, to } of tagsOf(html)) {
    if (name === '') continue;
    tags += 1;
    if (tags > bounds.tags * 2) return { html, excess: `it has more than ${bounds.tags} elements` };
    if (to - from > bounds.tagChars || (to - from > 4 * bounds.attributes && words(html.slice(from, to)))) {
      pieces.push(html.slice(copied, from), `<${isEnd ? '/' : ''}${name}>`);
      copied = to;
    }
    if (flat.test(name)) continue;
    const count = counts.get(name) ?? 0;
    if (!isEnd) {
      open.push(name);
      counts.set(name, count + 1);
      if (open.length > bounds.depth) return { html, excess: `its elements are nested deeper than ${bounds.depth}` };
    } else if (count > 0) {
      for (let ended = open.pop(); ended !== undefined; ended = open.pop()) {
        counts.set(ended, (counts.get(ended) ?? 1) - 1);
        if (ended === name) break;
      }
    }
  }
  let entities = 0;
  for (let at = html.indexOf('&'); at >= 0; at = html.indexOf('&', at + 1)) entities += 1;
  if (entities > bounds.entities) return { html, excess: `it has more than ${bounds.entities} entities` };
  return { html: copied === 0 ? html : [...pieces, html.slice(copied)].join('') };
}

/** Whether a tag has more attributes than any page needs; values in quotes are one each. */
function words(tag: string): boolean {
  return tag.replace(/"[^"]*"|'[^']*'/g, '').split(/\s+/, bounds.attributes + 1).length > bounds.attributes;
}
