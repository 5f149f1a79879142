/** What a string literal of broken JSON means. Where two meanings are likely, it has none: a guess is worse than a slip. */

/** Escapes of JSON that are complete as they stand. */
const wholeEscape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** LaTeX commands that begin like an escape of JSON (newline, return, tab). */
const latexCommand =
  /\\(?:n(?:abla|atural|e|eg|eq|ewcommand|ewline|i|leq|geq|ot|otin|u)|r(?:angle|brace|ceil|ef|floor|ho|ight\w*|m)|t(?:an|anh|au|ext\w*|extbf|frac|heta|ilde|imes|o|op|riangle\w*))(?![A-Za-z])/;

/** Names joined by single backslashes: a path of Windows, or a chain of escapes. */
const backslashRun = /[\w.$~-]*(?:\\(?!\\)[\w.$~-]+)+/g;

/** A path of Windows from its drive, or of another machine, written without doubling its backslashes. */
const drivePath = /(?<!\w)[A-Za-z]:(?:\\(?!\\)[\w.$~-]+)+/g;
const sharePath = /(?:^|\s)\\\\[\w.-]+\\(?!\\)\w/;

/**
 * The value of a literal between its quotes. Lone backslashes are kept, raw control characters too. Undefined when a
 * backslash could mean two things: a newline or the beginning of a folder's name, say.
 */
export function stringValue(raw: string, quote: '"' | "'"): string | undefined {
  if (!raw.includes('\\')) return raw;
  if (sharePath.test(raw)) return undefined;
  const literal = drivePaths(raw);
  if (!literal) return undefined;
  const lone = hasLoneBackslash(raw, quote);
  if (lone ? isAmbiguous(raw, literal) : /\\[bf]/.test(raw.replaceAll('\\\\', ''))) return undefined;
  let out = '';
  let at = 0;
  while (at < raw.length) {
    const next = raw.indexOf('\\', at);
    if (next < 0) return out + raw.slice(at);
    out += raw.slice(at, next);
    const inPath = literal.some(([start, end]) => next >= start && next < end);
    const read = inPath ? { value: '\\', length: 1 } : readEscape(raw, next, quote, lone);
    if (!read) return undefined;
    out += read.value;
    at = next + read.length;
  }
  return out;
}

const shortEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function readEscape(raw: string, at: number, quote: '"' | "'", lone: boolean) {
  const escaped = raw.charAt(at + 1);
  if (escaped === "'") {
    if (quote === "'") return { value: "'", length: 2 };
    return insideSingleQuotes(raw, at) ? { value: "\\'", length: 2 } : undefined;
  }
  const whole = wholeEscapeAt(raw, at);
  // Python's own escapes mean a character there, and nothing in JSON.
  if (!whole) return quote === "'" && /[xUN0-7]/.test(escaped) ? undefined : { value: '\\', length: 1 };
  if (whole.length > 2) return { value: String.fromCharCode(parseInt(whole.slice(2), 16)), length: whole.length };
  if (lone && escaped === '/') return undefined;
  if (lone && (escaped === 'b' || escaped === 'f')) return { value: `\\${escaped}`, length: 2 };
  return { value: shortEscapes[escaped] ?? escaped, length: 2 };
}

function wholeEscapeAt(raw: string, at: number): string | undefined {
  wholeEscape.lastIndex = at;
  return wholeEscape.exec(raw)?.[0];
}

/** Whether a backslash stands before something that it does not escape: whoever wrote it escapes none of them, or not all. */
function hasLoneBackslash(raw: string, quote: '"' | "'"): boolean {
  for (let at = raw.indexOf('\\'); at >= 0;) {
    const whole = wholeEscapeAt(raw, at);
    if (!whole && !(raw.charAt(at + 1) === "'")) return true;
    at = raw.indexOf('\\', at + (whole?.length ?? 2));
  }
  return quote === '"' && raw.includes("\\'");
}

/** Beside lone backslashes, `\n`, `\r` and `\t` are control characters unless a name seems to begin with the letter. */
function isAmbiguous(raw: string, literal: readonly (readonly [number, number])[]): boolean {
  const rest = raw.replaceAll('\\\\', '  ');
  if (latexCommand.test(rest)) return true;
  return [...rest.matchAll(backslashRun)].some((run) => {
    if (literal.some(([start, end]) => run.index < end && run.index + run[0].length > start)) return false;
    return /\\[nrt]/.test(run[0]) && /\\(?![nrtbf]|u[0-9a-fA-F]{4})/.test(run[0]);
  });
}

/**
 * Where paths from a drive stand. Undefined when one may as well hold escapes: it has nothing else, or has some and the
 * string does not consist of it.
 */
function drivePaths(raw: string): readonly (readonly [number, number])[] | undefined {
  const found: [number, number][] = [];
  for (const path of raw.matchAll(drivePath)) {
    const alone = path[0] === raw && !/\\[nrt](?:\\|$)|\\[nrt]\w:/.test(raw);
    const lone = /\\(?![nrtbf]|u[0-9a-fA-F]{4})/.test(path[0]);
    if (lone && (alone || !/\\[nrt]/.test(path[0]))) found.push([path.index, path.index + path[0].length]);
    else if (lone || /\\\w{2}/.test(path[0])) return undefined;
  }
  return found;
}

/** Whether a place lies in a literal of the code that the string holds: there the backslash belongs to the code. */
function insideSingleQuotes(raw: string, at: number): boolean {
  let inside = false;
  for (let i = 0; i < at; i++) {
    const char = raw.charAt(i);
    if (char === '\\') i++;
    else if (char === "'") inside = !inside && !/(?:^|[^\W])\w$/.test(raw.slice(Math.max(0, i - 2), i));
  }
  return inside;
}
