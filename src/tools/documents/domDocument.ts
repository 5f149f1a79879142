/** A page as a whole. */
import { DomElement, maker } from './domNodes.ts';

/** A page, or a part of an Office file. */
export class DomDocument extends DomElement {
  override readonly nodeType = 9;
  /** Where links lead from; the finder of articles makes them absolute unless the two are one. */
  baseURI: string | undefined = undefined;
  readonly documentURI = undefined;

  constructor() {
    super('#document');
  }

  /** Elements have one, and the finder of articles climbs as long as there is one. */
  override get tagName(): undefined {
    return undefined;
  }

  get documentElement(): DomElement {
    return this.firstElementChild ?? this;
  }

  get head(): DomElement {
    return this.documentElement.children.find(({ nodeName }) => nodeName === 'HEAD') ?? this.documentElement;
  }

  get body(): DomElement {
    return this.documentElement.children.find(({ nodeName }) => nodeName === 'BODY') ?? this.documentElement;
  }

  get title(): string {
    return this.querySelector('title')?.textContent ?? '';
  }

  readonly createElement = maker.createElement;
  readonly createTextNode = maker.createTextNode;
}
