/** The tokens of an object that is almost JSON, each rewritten as strict JSON: from here on no string can change. */
import { stringValue } from './looseString.ts';

/** One token. `text` is strict JSON; `whole`: it cannot be the beginning of a longer one. */
export interface Token {
  readonly kind: 'open' | 'close' | 'comma' | 'colon' | 'string' | 'bare';
  readonly text: string;
  /** Whether a line ends between the token before and this one. */
  readonly newLine: boolean;
  readonly whole: boolean;
}

/** An object's tokens, and where it begins and ends in the text; `closed`: it has all its closing braces. */
export interface LooseObject {
  readonly tokens: readonly Token[];
  readonly start: number;
  readonly end: number;
  readonly closed: boolean;
}

const punctuation: Readonly<Record<string, Token['kind']>> = {
  '{': 'open',
  '[': 'open',
  '}': 'close',
  ']': 'close',
  ',': 'comma',
  ':': 'colon',
};

/**
 * Reads the object that begins at the text's first brace. Undefined when there is none, a string does not end, or a token
 * could mean two things, or a name is none.
 */
export function readLooseObject(text: string): LooseObject | undefined {
  const object = tokensOf(text);
  return object && hasGoodNames(object.tokens) ? object : undefined;
}

function tokensOf(text: string): LooseObject | undefined {
  const start = /^\s*\{\s*\{/.test(text) ? text.indexOf('{', text.indexOf('{') + 1) : text.indexOf('{');
  if (start < 0) return undefined;
  const tokens: Token[] = [];
  let depth = 0;
  let at = start;
  let newLine = false;
  while (at < text.length) {
    const gap = gapAt(text, at);
    if (gap > 0) {
      newLine ||= text.slice(at, at + gap).includes('\n');
      at += gap;
      continue;
    }
    const token = readToken(text, at);
    if (!token) return undefined;
    tokens.push({ ...token, newLine });
    newLine = false;
    at += token.length;
    if (token.kind === 'open') depth++;
    if (token.kind === 'close' && --depth === 0) return { tokens: quoteNames(tokens), start, end: at, closed: true };
  }
  return { tokens: quoteNames(tokens), start, end: text.length, closed: false };
}

/** White space, a comment without quotes and braces (else it may be the rest of a string), or an escape that stands outside of any string. */
const gapPattern = /\s+|(?<=[\s,{[])(?:\/\/[^\n"{}[\]]*(?=\n|$)|\/\*[^"{}[\]]*?\*\/|#[^\n"{}[\]]*(?=\n|$))|\\[nrt]/y;

function gapAt(text: string, at: number): number {
  gapPattern.lastIndex = at;
  return gapPattern.exec(text)?.[0].length ?? 0;
}

type ReadToken = Omit<Token, 'newLine'> & { readonly length: number };

function readToken(text: string, at: number): ReadToken | undefined {
  const char = text.charAt(at);
  const kind = punctuation[char];
  if (kind) return { kind, text: char, whole: true, length: 1 };
  if (char === '"' || char === "'") return readString(text, at, char);
  if (char === '`') return readVerbatim(text, at, '`', '`');
  if (char === '“') return readVerbatim(text, at, '“', '”');
  return readBare(text, at);
}

function readString(text: string, at: number, quote: '"' | "'"): ReadToken | undefined {
  const triple = quote.repeat(3);
  if (text.startsWith(triple, at)) return readVerbatim(text, at, triple, triple);
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== quote) end += text.charAt(end) === '\\' ? 2 : 1;
  if (end >= text.length) return undefined;
  const value = stringValue(text.slice(at + 1, end), quote);
  if (value === undefined) return undefined;
  return { kind: 'string', text: JSON.stringify(value), whole: true, length: end + 1 - at };
}

/** What stands between two strings, and is taken for one. */
const seemsSwallowed = /^\s*[,:}\]]|,\s*["'][\w$-]+["']\s*:/;

/** A string in quotes that are not JSON's. With a backslash or a placeholder in it, its meaning is another language's. */
function readVerbatim(text: string, at: number, open: string, close: string): ReadToken | undefined {
  const end = text.indexOf(close, at + open.length);
  const value = text.slice(at + open.length, end);
  if (end < 0 || /[\\“]|\$\{/.test(value) || seemsSwallowed.test(value)) return undefined;
  return { kind: 'string', text: JSON.stringify(value), whole: true, length: end + close.length - at };
}

const literals: Readonly<Record<string, string>> = {
  true: 'true',
  True: 'true',
  TRUE: 'true',
  false: 'false',
  False: 'false',
  FALSE: 'false',
  null: 'null',
  None: 'null',
  undefined: 'null',
};

const barePattern = /[^\s,:{}[\]"'`“”\\]+/y;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A word, an id, a date or a path; not what looks like a number or a literal and is none. */
const word =
  /^(?!(?:t?r?u?e?|f?a?l?s?e?|n?u?l?l?|N?o?n?e?)$|[+-]?[\d._]+$|[+-]?0[xob]|[+-]?(?:NaN|Infinity)$)[\w./~@%+-]+$/;

function readBare(text: string, at: number): ReadToken | undefined {
  barePattern.lastIndex = at;
  const bare = barePattern.exec(text)?.[0];
  if (bare === undefined) return undefined;
  const literal = Object.hasOwn(literals, bare) ? literals[bare] : undefined;
  const strict = literal ?? (number.test(bare) ? bare : word.test(bare) ? JSON.stringify(bare) : undefined);
  if (strict === undefined) return undefined;
  const whole = literal !== undefined || at + bare.length < text.length;
  return { kind: 'bare', text: strict, whole, length: bare.length };
}

/** A bare word before a colon is a name, whatever it says. */
function quoteNames(tokens: readonly Token[]): readonly Token[] {
  return tokens.map((token, index) => {
    if (token.kind !== 'bare' || tokens[index + 1]?.kind !== 'colon' || token.text.startsWith('"')) return token;
    return { ...token, text: JSON.stringify(token.text) };
  });
}

/** No name stands twice in one object (of two values one would be lost), and none has swallowed its neighbours. */
function hasGoodNames(tokens: readonly Token[]): boolean {
  const open: Set<string>[] = [];
  return tokens.every((token, index) => {
    if (token.kind === 'open') open.push(new Set());
    else if (token.kind === 'close') open.pop();
    else if (tokens[index + 1]?.kind === 'colon') {
      const names = open.at(-1);
      if (!names || names.has(token.text) || /\\[nr]|[,:]\s|[{}[\]]/.test(token.text)) return false;
      names.add(token.text);
    }
    return true;
  });
}
