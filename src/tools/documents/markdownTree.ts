/**
 * A copy of elements that the writer of Markdown walks: it asks every one for its children, neighbours and text again and again,
 * which the parser's own look up anew each time.
 */
import { isElement } from './dom.ts';
import type { DomElement, DomNode } from './domNodes.ts';

/** An element, with the one that it was made of, or a text. */
export class TreeNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly source: DomElement | undefined;
  parentNode: TreeNode | null;
  firstChild: TreeNode | null = null;
  lastChild: TreeNode | null = null;
  previousSibling: TreeNode | null = null;
  nextSibling: TreeNode | null = null;
  /** A text's. */
  data: string;
  isBlank = false;
  isBlock = false;
  isCode = false;
  flankingWhitespace = undefined;
  private words: string | undefined;

  constructor(node: DomNode, parent: TreeNode | null) {
    this.nodeType = node.nodeType;
    this.nodeName = node.nodeName;
    this.source = isElement(node) ? node : undefined;
    this.parentNode = parent;
    this.data = isElement(node) ? '' : node.textContent;
    if (!parent) return;
    this.previousSibling = parent.lastChild;
    if (parent.lastChild) parent.lastChild.nextSibling = this;
    else parent.firstChild = this;
    parent.lastChild = this;
  }

  get childNodes(): readonly TreeNode[] {
    const children: TreeNode[] = [];
    for (let node = this.firstChild; node; node = node.nextSibling) children.push(node);
    return children;
  }

  get nodeValue(): string {
    return this.data;
  }

  /** Asked for only when nothing changes any more. */
  get textContent(): string {
    if (!this.source) return this.data;
    this.words ??= isWhole(this.source)
      ? this.source.textContent
      : this.childNodes.map((child) => child.textContent).join('');
    return this.words;
  }

  removeChild(child: TreeNode): void {
    const { previousSibling, nextSibling } = child;
    if (previousSibling) previousSibling.nextSibling = nextSibling;
    else this.firstChild = nextSibling;
    if (nextSibling) nextSibling.previousSibling = previousSibling;
    else this.lastChild = previousSibling;
    child.parentNode = null;
  }

  getElementsByTagName(name: string): readonly DomElement[] {
    return this.source ? [...this.source.getElementsByTagName(name)] : [];
  }
}

/** Elements and texts below an element, without comments; program text is one piece. */
export function treeOf(element: DomElement): TreeNode {
  const root = new TreeNode(element, null);
  const fill = (parent: TreeNode, source: DomElement): void => {
    for (let node = source.firstChild; node; node = node.nextSibling) {
      const made = new TreeNode(node, parent);
      if (isElement(node) && !isWhole(node)) fill(made, node);
    }
  };
  fill(root, element);
  return root;
}

function isWhole(element: DomElement): boolean {
  return element.nodeName === 'PRE';
}
