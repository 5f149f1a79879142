/** Strings whose own quotes were not escaped, as in `{"code": "print("hello")"}`, where only one reading is left. */

/** After a quote that ends the last string there is nothing but what closes. */
const lastEnd = /\s*\}[^{"]*$/y;
/** After one that ends another string comes a member with a name. */
const memberEnd = /\s*(?:[}\]]\s*)*,\s*"([\w$-]{1,64})"\s*:/y;

/**
 * Escapes the quotes inside of an object's strings; undefined when nothing was to do, or there is more than one way to read
 * it. With `names` (the arguments that the tool has), only those begin a member. Quotes inside of a string come in
 * pairs: an odd one may be the end of a string that was cut off.
 */
export function escapeInnerQuotes(text: string, names?: readonly string[]): string | undefined {
  const lastQuote = text.lastIndexOf('"');
  const used = new Set<string>();
  let out = '';
  let done = 0;
  let changed = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', done)) {
    const first = nextQuote(text, at + 1);
    if (first < 0) return undefined;
    const value = /[:]\s*$/.test(text.slice(Math.max(0, at - 64), at));
    if (!value || isProperEnd(text, first, lastQuote)) {
      if (!value && /^\s*:/.test(text.slice(first + 1, first + 65))) used.add(text.slice(at + 1, first));
      out += text.slice(done, first + 1);
      done = first + 1;
      continue;
    }
    const read = onlyEnd(
      text,
      at + 1,
      first,
      lastQuote,
      names?.filter((name) => !used.has(name)),
    );
    if (read === undefined) return undefined;
    out +=
      text.slice(done, at + 1) +
      read.inner.map((from, index) => text.slice(index === 0 ? at + 1 : (read.inner[index - 1] ?? 0), from)).join('\\');
    out += `\\${text.slice(read.inner.at(-1), read.end + 1)}`;
    done = read.end + 1;
    changed = true;
  }
  return changed ? out + text.slice(done) : undefined;
}

/** The next quote that no backslash escapes; -1 when there is none. */
function nextQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return at;
    if (char === '\\') at++;
  }
  return -1;
}

/** Whether a quote looks like the opening one of a pair: the end of a string that another follows (`"a" + "b"`) does not. */
function opensQuotation(text: string, at: number): boolean {
  if (!/[^\s",:}\]]/.test(text.charAt(at + 1))) return false;
  const before = text.slice(Math.max(0, at - 64), at);
  if (/,\s*\n\s*$/.test(before)) return false;
  return /(?:^|[^\w"')\]}]|(?:^|\W)[rbfuRBFU]{1,2})$/.test(before.slice(-3)) || text.charAt(at - 1) === '"';
}

function isProperEnd(text: string, at: number, lastQuote: number): boolean {
  return memberAfter(text, at) !== undefined || isLastEnd(text, at, lastQuote);
}

function isLastEnd(text: string, at: number, lastQuote: number): boolean {
  if (at !== lastQuote) return false;
  lastEnd.lastIndex = at + 1;
  return lastEnd.test(text);
}

function memberAfter(text: string, at: number): string | undefined {
  memberEnd.lastIndex = at + 1;
  return memberEnd.exec(text)?.[1];
}

/** The one place where a string can end, and the quotes inside of it. */
function onlyEnd(text: string, start: number, first: number, lastQuote: number, names: readonly string[] | undefined) {
  const quotes: number[] = [];
  const ends: number[] = [];
  for (let at = first; at >= 0; at = nextQuote(text, at + 1)) {
    quotes.push(at);
    const member = memberAfter(text, at);
    const begins = member !== undefined && (names?.includes(member) ?? true);
    // Where the names are known, the end of the text counts only when no member begins before it.
    if (begins || (isLastEnd(text, at, lastQuote) && !(names && ends.length > 0))) ends.push(at);
  }
  const [end] = ends;
  if (end === undefined || ends.length > 1 || !opensQuotation(text, first)) return undefined;
  const inner = quotes.filter((at) => at < end);
  const value = text.slice(start, end);
  const paired = inner.length % 2 === 0 && !value.includes('\\"') && !/^\s*[,:}\]]/.test(value) && !holdsMember(value);
  return paired ? { end, inner } : undefined;
}

/** Whether a string holds what looks like a member outside of any braces: it may have swallowed one. */
function holdsMember(value: string): boolean {
  return [...value.matchAll(/,\s*"[\w$-]+"\s*:/g)].some(({ index }) => {
    const before = value.slice(0, index);
    return before.split('{').length <= before.split('}').length;
  });
}
