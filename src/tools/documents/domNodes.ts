/**
 * The tree of a page: what of a browser's document the readers and the finder of articles use, and no more. Texts and lists of
 * children are kept until something below changes, since both are asked for again and again.
 */

import { kindOf, upperCase, wantedNames, type WantedNames } from './domNames.ts';

/** There are no other nodes: comments are left out. `nodeType` 1 is an element, 3 text, 9 a document. */
export type DomNode = DomElement | DomText;

/** An attribute as far as it is copied. */
interface DomAttribute {
  readonly name: string;
  readonly value: string;
  readonly cloneNode: () => DomAttribute;
}

const none: readonly DomNode[] = [];
/** What makes nodes: documents and elements have it alike. */
export const maker = {
  createElement: (name: string): DomElement => new DomElement(upperCase(name)),
  createTextNode: (words: string): DomText => new DomText(words),
};

/** A run of characters. */
export class DomText {
  readonly nodeType = 3;
  readonly nodeName = '#text';
  parentNode: DomElement | null = null;
  previousSibling: DomNode | null = null;
  nextSibling: DomNode | null = null;
  readonly firstChild = null;
  readonly childNodes = none;
  private words: string;

  constructor(words: string) {
    this.words = words;
  }

  get textContent(): string {
    return this.words;
  }

  set textContent(words: string) {
    this.words = words;
    this.parentNode?.changed();
  }

  cloneNode(): DomText {
    return new DomText(this.words);
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }
}

/** An element. Its name is in upper case in pages and as it is written in XML. */
export class DomElement {
  readonly nodeType: 1 | 9 = 1;
  readonly nodeName: string;
  parentNode: DomElement | null = null;
  firstChild: DomNode | null = null;
  lastChild: DomNode | null = null;
  previousSibling: DomNode | null = null;
  nextSibling: DomNode | null = null;
  /** Where the finder of articles keeps its score: an element that gets it later is a slower one. */
  readability: unknown = undefined;
  /** The bits of its name and of those below; what went away again may be among them. */
  kinds: number;
  /** Names and values in turn. */
  private pairs: string[];
  private words: string | undefined = undefined;
  private elements: readonly DomElement[] | undefined = undefined;

  constructor(nodeName: string, pairs: string[] = []) {
    this.nodeName = nodeName;
    this.kinds = kindOf(nodeName);
    this.pairs = pairs;
  }

  get tagName(): string | undefined {
    return this.nodeName;
  }

  get ownerDocument(): typeof maker {
    return maker;
  }

  get parentElement(): DomElement | null {
    return this.parentNode?.nodeType === 1 ? this.parentNode : null;
  }

  get childNodes(): readonly DomNode[] {
    const nodes: DomNode[] = [];
    for (let node = this.firstChild; node; node = node.nextSibling) nodes.push(node);
    return nodes;
  }

  get children(): readonly DomElement[] {
    if (this.elements) return this.elements;
    const elements: DomElement[] = [];
    for (let node = this.firstElementChild; node; node = node.nextElementSibling) elements.push(node);
    this.elements = elements;
    return elements;
  }

  get firstElementChild(): DomElement | null {
    let node = this.firstChild;
    while (node?.nodeType === 3) node = node.nextSibling;
    return node;
  }

  get nextElementSibling(): DomElement | null {
    let node = this.nextSibling;
    while (node?.nodeType === 3) node = node.nextSibling;
    return node;
  }

  get textContent(): string {
    if (this.words !== undefined) return this.words;
    let words = '';
    for (let node = this.firstChild; node; node = node.nextSibling) words += node.textContent;
    this.words = words;
    return words;
  }

  set textContent(words: string) {
    this.replaceChildren(...(words === '' ? [] : [words]));
  }

  get attributes(): readonly DomAttribute[] {
    return Array.from({ length: this.pairs.length / 2 }, (_, at) => {
      const attribute = {
        name: this.pairs[at * 2] ?? '',
        value: this.pairs[at * 2 + 1] ?? '',
        cloneNode: () => attribute,
      };
      return attribute;
    });
  }

  get className(): string {
    return this.getAttribute('class') ?? '';
  }

  set className(value: string) {
    this.setAttribute('class', value);
  }

  get id(): string {
    return this.getAttribute('id') ?? '';
  }

  set id(value: string) {
    this.setAttribute('id', value);
  }

  getAttribute(name: string): string | null {
    const { pairs } = this;
    for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === name) return pairs[at + 1] ?? '';
    return null;
  }

  hasAttribute(name: string): boolean {
    return this.getAttribute(name) !== null;
  }

  setAttribute(name: string, value: string): void {
    const { pairs } = this;
    for (let at = 0; at < pairs.length; at += 2) {
      if (pairs[at] !== name) continue;
      pairs[at + 1] = value;
      return;
    }
    pairs.push(name, value);
  }

  /** Without looking whether there is one: of two with one name the first counts. */
  addAttribute(name: string, value: string): void {
    this.pairs.push(name, value);
  }

  setAttributeNode({ name, value }: { readonly name: string; readonly value: string }): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    if (this.hasAttribute(name)) this.pairs = this.pairs.filter((_, at, pairs) => pairs[at - (at % 2)] !== name);
  }

  /** Elements below with a name, in the order of the document. */
  getElementsByTagName(name: string): readonly DomElement[] {
    return this.querySelectorAll(name);
  }

  /** Of selectors, lists of names alone are understood. */
  querySelectorAll(names: string): readonly DomElement[] {
    const found: DomElement[] = [];
    collect(this, wantedNames(names), found, Infinity);
    return found;
  }

  /** The first of them. */
  querySelector(names: string): DomElement | null {
    const found: DomElement[] = [];
    collect(this, wantedNames(names), found, 1);
    return found[0] ?? null;
  }

  append(...nodes: readonly (DomNode | string)[]): void {
    for (const node of nodes) this.insert(typeof node === 'string' ? new DomText(node) : node, null);
  }

  appendChild(node: DomNode): DomNode {
    this.insert(node, null);
    return node;
  }

  replaceChildren(...nodes: readonly (DomNode | string)[]): void {
    while (this.lastChild) this.removeChild(this.lastChild);
    this.append(...nodes);
  }

  replaceChild(node: DomNode, old: DomNode): DomNode {
    const before = old.nextSibling === node ? node.nextSibling : old.nextSibling;
    this.removeChild(old);
    this.insert(node, before);
    return old;
  }

  replaceWith(...nodes: readonly (DomNode | string)[]): void {
    const { parentNode, nextSibling } = this;
    this.remove();
    for (const node of nodes) parentNode?.insert(typeof node === 'string' ? new DomText(node) : node, nextSibling);
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }

  removeChild(node: DomNode): DomNode {
    const { previousSibling, nextSibling } = node;
    if (previousSibling) previousSibling.nextSibling = nextSibling;
    else this.firstChild = nextSibling;
    if (nextSibling) nextSibling.previousSibling = previousSibling;
    else this.lastChild = previousSibling;
    node.parentNode = null;
    node.previousSibling = null;
    node.nextSibling = null;
    this.changed();
    return node;
  }

  cloneNode(deep: boolean): DomElement {
    const copy = new DomElement(this.nodeName, [...this.pairs]);
    if (deep) for (let node = this.firstChild; node; node = node.nextSibling) copy.insert(node.cloneNode(true), null);
    return copy;
  }

  /** Something in it is another: what was kept of it and of what it lies in no longer holds. */
  changed(): void {
    this.elements = undefined;
    this.forget();
  }

  /** Where no text is kept, none is kept further up: they are made of each other. */
  private forget(): void {
    if (this.words === undefined) return;
    this.words = undefined;
    this.parentNode?.forget();
  }

  private insert(node: DomNode, before: DomNode | null): void {
    node.parentNode?.removeChild(node);
    const previous = before ? before.previousSibling : this.lastChild;
    node.parentNode = this;
    node.previousSibling = previous;
    node.nextSibling = before;
    if (previous) previous.nextSibling = node;
    else this.firstChild = node;
    if (before) before.previousSibling = node;
    else this.lastChild = node;
    if (node.nodeType !== 3)
      for (let at = node; at.parentNode && (at.parentNode.kinds & at.kinds) !== at.kinds; at = at.parentNode)
        at.parentNode.kinds |= at.kinds;
    this.changed();
  }
}

/** Adds elements below one to those found, until they are enough. */
function collect(root: DomElement, wanted: WantedNames, found: DomElement[], enough: number): void {
  for (let node = root.firstChild; node && found.length < enough; node = node.nextSibling) {
    if (node.nodeType === 3 || (node.kinds & wanted.kinds) === 0) continue;
    if (wanted.names.has(node.nodeName)) found.push(node);
    if (found.length < enough) collect(node, wanted, found, enough);
  }
}
