/** Sentences and rows that nothing cited bears out, marked in a rendered text. They are found by their letters: Markdown changes the rest. */
import type { Unsupported } from '../src/shared/evidence.ts';
import { unsupportedTitle, unsupportedWords } from '../src/shared/unsupportedWords.ts';
import { h } from './dom.ts';

/** Letters by which the place in the text may differ from that in what was rendered. */
const slack = 24;

/** Marks the stretches of `text` in what was rendered of it, each with why; one that is not found there stays as it is. */
export function markUnsupported(rendered: DocumentFragment, text: string, marks: readonly Unsupported[]): void {
  if (marks.length === 0) return;
  const { stream, nodes } = textNodes(rendered);
  let behind = 0;
  let passed = 0;
  let expected = 0;
  const found: { readonly mark: Unsupported; readonly from: number; readonly to: number }[] = [];
  for (const mark of marks) {
    expected += lettersIn(text.slice(passed, mark.from)).length;
    const wanted = lettersIn(text.slice(mark.from, mark.to));
    passed = mark.to;
    const near = stream.indexOf(wanted, Math.max(behind, expected - slack));
    const from = near >= 0 ? near : stream.indexOf(wanted, behind);
    expected += wanted.length;
    if (wanted === '' || from < 0) continue;
    behind = from + wanted.length;
    found.push({ mark, from, to: behind });
  }
  // From back to front: what stands before keeps its place.
  let last = nodes.length - 1;
  for (const { mark, from, to } of found.toReversed()) {
    while (last > 0 && (nodes[last]?.start ?? 0) >= to) last--;
    let end = true;
    for (let at = last; at >= 0; at--) {
      const each = nodes[at];
      if (!each || each.start + each.places.length <= from) break;
      if (each.places.length === 0) continue;
      const first = each.places[Math.max(0, from - each.start)] ?? 0;
      const until = (each.places[Math.min(each.places.length, to - each.start) - 1] ?? 0) + 1;
      wrap(each.node, first, until, mark, end);
      end = false;
    }
  }
}

/** Puts a stretch of a text node into a mark; behind the last one of a sentence it says why. */
function wrap(node: Text, first: number, until: number, mark: Unsupported, end: boolean): void {
  const middle = node.splitText(first);
  const rest = middle.splitText(until - first);
  const span = h('span', 'unsupported', { title: unsupportedTitle(mark) });
  middle.replaceWith(span);
  span.append(middle);
  if (!end) return;
  const [, closing = ''] = /^([.!?。！？…"”’)»」]*)/.exec(rest.data) ?? [];
  const behind = closing.length > 0 ? rest.splitText(closing.length) : rest;
  const why = mark.missing ? 'unsupported-why missing' : 'unsupported-why';
  behind.before(' ', h('span', why, { title: unsupportedTitle(mark) }, unsupportedWords(mark)));
}

interface TextNode {
  readonly node: Text;
  /** The place of its first letter among all. */
  readonly start: number;
  /** Where each of its letters stands. */
  readonly places: readonly number[];
}

/** The letters of all texts in order, and where they stand. */
function textNodes(root: DocumentFragment): { readonly stream: string; readonly nodes: readonly TextNode[] } {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: TextNode[] = [];
  const pieces: string[] = [];
  let start = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.parentElement?.closest('.cite, cite')) continue;
    const places = [...node.data.matchAll(/[\p{L}\p{N}]/gu)].filter(([letter]) => letter.length === 1);
    nodes.push({ node, start, places: places.map(({ index }) => index) });
    pieces.push(places.map(([letter]) => letter).join(''));
    start += places.length;
  }
  return { stream: pieces.join(''), nodes };
}

/** The letters that are rendered of Markdown: none of addresses, citations and numbers of items. */
function lettersIn(markdown: string): string {
  return markdown
    .replace(/\]\([^)\s]{0,900}\)/g, '')
    .replace(/\[[\d\s,;–-]{1,60}\]/g, '')
    .replace(/^\s{0,12}\d{1,3}[.)]\s/gm, '')
    .replace(/[^\p{L}\p{N}]|[\uD800-\uDFFF]/gu, '')
    .replace(/[\uD800-\uDFFF]/g, '');
}
