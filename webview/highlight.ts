/** Marks where a text occurs, without touching the elements. */

const name = 'found';

/** Marks every occurrence inside an element, case aside; none for an empty query. */
export function highlight(inside: Element | undefined, query: string): void {
  CSS.highlights.delete(name);
  if (!inside || query === '') return;
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) ranges.push(...occurrences(node, query.toLowerCase()));
  }
  CSS.highlights.set(name, new Highlight(...ranges));
}

function occurrences(node: Text, query: string): readonly Range[] {
  const text = node.data.toLowerCase();
  const ranges: Range[] = [];
  for (let at = text.indexOf(query); at >= 0 && ranges.length < 1_000; at = text.indexOf(query, at + query.length)) {
    const end = at + query.length;
    if (end > node.data.length) break;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, end);
    ranges.push(range);
  }
  return ranges;
}
