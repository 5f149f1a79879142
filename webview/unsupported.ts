/** Sentences that cite nothing, marked in a rendered text. They are found by their letters: Markdown changes the rest. */
import type { Span } from '../src/shared/evidence.ts';
import { h } from './dom.ts';

const title = 'This sentence cites nothing';

/** Marks the stretches `spans` of `text` in what was rendered of it; one that is not found there stays as it is. */
export function markUnsupported(rendered: DocumentFragment, text: string, spans: readonly Span[]): void {
  let behind = 0;
  for (const { from, to } of spans) {
    const wanted = letters(text.slice(from, to).replace(/\]\([^)\s]*\)/g, ''));
    const all = textNodes(rendered);
    const at = wanted === '' ? -1 : all.stream.indexOf(wanted, behind);
    if (at < 0) continue;
    behind = at + wanted.length;
    for (const { node, first, last } of all.pieces(at, behind)) wrap(node, first, last);
  }
}

function wrap(node: Text, first: number, last: number): void {
  const middle = node.splitText(first);
  middle.splitText(last - first);
  const mark = h('span', 'unsupported', { title });
  middle.replaceWith(mark);
  mark.append(middle);
}

/** The letters of all texts in order, and where a stretch of them stands. */
function textNodes(root: DocumentFragment) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: { readonly node: Text; readonly start: number; readonly length: number }[] = [];
  let stream = '';
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.parentElement?.closest('.cite, cite')) continue;
    const own = letters(node.data);
    nodes.push({ node, start: stream.length, length: own.length });
    stream += own;
  }
  const pieces = (from: number, to: number) =>
    nodes
      .filter(({ start, length }) => start < to && start + length > from && length > 0)
      .map(({ node, start, length }) => ({
        node,
        first: placeOf(node.data, Math.max(0, from - start)),
        last: placeOf(node.data, Math.min(length, to - start) - 1) + 1,
      }));
  return { stream, pieces };
}

/** Where letter number `count` stands. */
function placeOf(text: string, count: number): number {
  let seen = 0;
  for (let at = 0; at < text.length; at++) if (isLetter(text[at] ?? '') && seen++ === count) return at;
  return text.length - 1;
}

function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]|[\uD800-\uDFFF]/gu, '').replace(/[\uD800-\uDFFF]/g, '');
}

function isLetter(char: string): boolean {
  return /[\p{L}\p{N}]/u.test(char);
}
