/** The little of a browser's document that the readers use, and the parser that gives it. */
import { DOMParser, type DomDocument, type DomElement, type DomNode } from 'linkedom';
import { lightenNodes } from './lightDom.ts';

export type { DomDocument, DomElement, DomNode } from 'linkedom';

/** Parses any text as HTML: it always has a head and a body, and all that is shown lies in the body. */
export function parsePage(html: string): DomDocument {
  lightenNodes();
  const whole = /<html[\s>]/i.test(html) ? html : `<html><head></head><body>${html}</body></html>`;
  const document = new DOMParser().parseFromString(whole, 'text/html');
  const { documentElement: root } = document;
  const parts = [...root.children].map(({ nodeName }) => nodeName.toUpperCase());
  if (parts.includes('BODY') && root.nodeName.toUpperCase() === 'HTML') return document;
  const inside =
    root.nodeName.toUpperCase() === 'HTML' ? whole.replace(/<\/?html(?:\s[^>]*)?>|<!doctype[^>]*>/gi, '') : html;
  return new DOMParser().parseFromString(`<html><head></head><body>${inside}</body></html>`, 'text/html');
}

/** Whether a node is an element. */
export function isElement(node: DomNode | null): node is DomElement {
  return node?.nodeType === 1;
}

/** All nodes below one in the order of the document, without recursion. `false` from `enter` skips what is below. */
export function walk(root: DomNode, enter: (node: DomNode, depth: number) => boolean): void {
  let depth = 1;
  let node = root.firstChild;
  while (node) {
    const below = enter(node, depth) ? node.firstChild : null;
    if (below) {
      node = below;
      depth += 1;
      continue;
    }
    while (node && !node.nextSibling) {
      node = node.parentNode === root ? null : node.parentNode;
      depth -= 1;
    }
    node = node?.nextSibling ?? null;
  }
}

/** All elements below one, in the order of the document: a list, so that they can be changed. */
export function elementsOf(root: DomNode): readonly DomElement[] {
  const found: DomElement[] = [];
  walk(root, (node) => {
    if (isElement(node)) found.push(node);
    return true;
  });
  return found;
}

/** All elements of a page by their names in upper case, each list in the order of the page; without those in templates. */
export type ElementsByName = ReadonlyMap<string, readonly DomElement[]>;

/** One walk in place of one for each selector. */
export function elementsByName(document: DomDocument): ElementsByName {
  const found = new Map<string, DomElement[]>();
  walk(document.documentElement, (node) => {
    if (!isElement(node)) return false;
    const name = node.nodeName.toUpperCase();
    const same = found.get(name);
    if (same) same.push(node);
    else found.set(name, [node]);
    return name !== 'TEMPLATE';
  });
  return found;
}
