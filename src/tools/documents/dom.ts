/** Walks through a page's tree. */
import type { DomDocument } from './domDocument.ts';
import type { DomElement, DomNode } from './domNodes.ts';

/** Whether a node is an element. */
export function isElement(node: DomNode | null): node is DomElement {
  return node?.nodeType === 1;
}

/** All nodes below one in the order of the document, without recursion. `false` from `enter` skips what is below. */
export function walk(root: DomNode, enter: (node: DomNode, depth: number) => boolean): void {
  let depth = 1;
  let node: DomNode | null = root.firstChild;
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

/** All elements of a page by their names, each list in the order of the page; without those in templates. */
export type ElementsByName = ReadonlyMap<string, readonly DomElement[]>;

/** One walk in place of one for each selector. */
export function elementsByName(document: DomDocument): ElementsByName {
  const found = new Map<string, DomElement[]>();
  walk(document.documentElement, (node) => {
    if (!isElement(node)) return false;
    const same = found.get(node.nodeName);
    if (same) same.push(node);
    else found.set(node.nodeName, [node]);
    return node.nodeName !== 'TEMPLATE';
  });
  return found;
}
