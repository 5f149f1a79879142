/** Markup → its tree, in one pass and within bounds. */
import { Parser, type Handler } from 'htmlparser2';
import { ToolError } from '../../agent/errors.ts';
import { DomDocument } from './domDocument.ts';
import { upperCase } from './domNames.ts';
import { DomElement, DomText } from './domNodes.ts';

/** Deeper than browsers nest elements. */
const maxDepth = 512;
/** Of an element; those behind them are left out, and so are the values of monstrous ones. */
const maxAttributes = 200;
const maxAttributeChars = 100_000;

/** What of a page is too much to make a tree of. */
const pageBounds = { chars: 5_000_000, elements: 150_000, texts: 400_000 };

/** Elements that stand in a page's head where nothing is shown yet. */
const headNames = new Set(['TITLE', 'META', 'LINK', 'BASE', 'STYLE', 'SCRIPT', 'NOSCRIPT', 'TEMPLATE']);

/** No tree is made of the markup; `reason` says why. */
export class TreeTooLarge extends ToolError {
  readonly reason: string;

  constructor(reason: string) {
    super(`The document is too large to be read: ${reason}.`);
    this.reason = reason;
  }
}

/** Counts the tags of a page: end tags of what was never opened are told nowhere else. */
class BoundedParser extends Parser {
  private asked = 0;

  protected override isVoidElement(name: string): boolean {
    this.asked += 1;
    if (this.asked > pageBounds.elements * 4) throw tooMany('elements');
    return super.isVoidElement(name);
  }
}

/**
 * Parses any text as HTML: it always has a head and a body, all that is shown lies in the body, wherever it stands. Throws
 * TreeTooLarge where it is `bounded` and has too much of something; where it is not, for its depth alone.
 */
export function parsePage(html: string, bounded: boolean): DomDocument {
  if (bounded && html.length > pageBounds.chars) throw new TreeTooLarge(`it has ${html.length} characters`);
  const document = new DomDocument();
  const [root, head, body] = [new DomElement('HTML'), new DomElement('HEAD'), new DomElement('BODY')];
  document.append(root);
  root.append(head, body);
  const open = new OpenElements(root);
  let [elements, texts] = [0, 0];
  /** Where something goes that stands where no content of the page can be. */
  const placeOf = (isOfHead: boolean): DomElement => {
    const { last } = open;
    if (last === head) return isOfHead ? head : body;
    if (last !== root) return last;
    return isOfHead && !body.firstChild ? head : body;
  };
  const handler: Partial<Handler> = {
    onopentagname: (name) => {
      elements += 1;
      if (bounded && elements > pageBounds.elements) throw tooMany('elements');
      const upper = upperCase(name);
      if (upper === 'HTML' || upper === 'HEAD' || upper === 'BODY')
        open.push(upper === 'HTML' ? root : upper === 'HEAD' ? head : body);
      else open.start(upper, placeOf(headNames.has(upper)));
    },
    onattribute: (name, value) => open.attribute(name, value),
    onclosetag: () => open.end(),
    ontext: (words) => {
      texts += 1;
      if (bounded && texts > pageBounds.texts) throw tooMany('texts');
      const { last } = open;
      if (last !== root && last !== head) open.text(words, last);
      else if (body.firstChild || /\S/.test(words)) open.text(words, body);
    },
  };
  // Elements of XHTML may end where they begin.
  const options = { recognizeSelfClosing: /^\s*(?:<\?xml|<!doctype[^>]{1,100}\bxhtml\b)/i.test(html) };
  const parser = bounded ? new BoundedParser(handler, options) : new Parser(handler, options);
  parser.write(html);
  parser.end();
  return document;
}

/** Parses XML; names stay as they are written. Throws TreeTooLarge where it is nested too deep. */
export function parseXml(xml: string): DomDocument {
  const document = new DomDocument();
  const open = new OpenElements(document);
  const parser = new Parser(
    {
      onopentagname: (name) => open.start(name, open.last),
      onattribute: (name, value) => open.attribute(name, value),
      onclosetag: () => open.end(),
      ontext: (words) => {
        if (open.last !== document) open.text(words, open.last);
      },
    },
    { xmlMode: true },
  );
  parser.write(xml);
  parser.end();
  return document;
}

/** The elements that were begun and not yet ended. */
class OpenElements {
  /** The innermost. */
  last: DomElement;
  private readonly above: DomElement[] = [];
  private attributes = 0;

  constructor(root: DomElement) {
    this.last = root;
  }

  /** What comes goes into an element. */
  push(element: DomElement): void {
    if (this.above.length >= maxDepth) throw new TreeTooLarge(`its elements are nested deeper than ${maxDepth}`);
    this.above.push(this.last);
    this.last = element;
    this.attributes = 0;
  }

  start(name: string, parent: DomElement): void {
    const element = new DomElement(name);
    parent.appendChild(element);
    this.push(element);
  }

  attribute(name: string, value: string): void {
    this.attributes += 1;
    if (this.attributes <= maxAttributes) this.last.addAttribute(name, value.length > maxAttributeChars ? '' : value);
  }

  text(words: string, parent: DomElement): void {
    const { lastChild } = parent;
    if (lastChild?.nodeType === 3) lastChild.textContent += words;
    else parent.appendChild(new DomText(words));
  }

  end(): void {
    this.last = this.above.pop() ?? this.last;
  }
}

function tooMany(what: 'elements' | 'texts'): TreeTooLarge {
  return new TreeTooLarge(`it has more than ${pageBounds[what]} ${what === 'texts' ? 'pieces of text' : what}`);
}
