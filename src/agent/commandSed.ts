/** What a script of sed's does beside editing, read by its grammar (GNU sed manual, "sed scripts"). */

/** `unclear`: not all of it is understood, so it may do either. */
export type SedEffect = 'runs' | 'writes' | 'unclear';

/** The first effect of a script; undefined for one that only edits what it prints. */
export function sedEffect(script: string): SedEffect | undefined {
  for (let at = 0; ;) {
    at = past(script, at, /[\s;}]*/y);
    if (at >= script.length) return undefined;
    if (script[at] === '#') {
      at = past(script, at, /[^\n]*/y);
      continue;
    }
    const command = addressesEnd(script, at);
    const name = command === undefined ? undefined : script[command];
    if (command === undefined || name === undefined) return 'unclear';
    if (name === 'e') return 'runs';
    if (name === '{') {
      at = command + 1;
      continue;
    }
    const end = commandEnd(script, command);
    if (typeof end !== 'number') return end;
    at = end;
  }
}

/** Where the command behind the addresses stands; undefined where those are not understood. */
function addressesEnd(script: string, from: number): number | undefined {
  let at = addressEnd(script, from, /\d+(?:~\d+)?|\$/y);
  if (at === undefined) return undefined;
  const comma = past(script, at, / *, */y);
  if (comma > at) {
    at = addressEnd(script, comma, /[+~]?\d+|\$/y);
    if (at === undefined || at === comma) return undefined;
  }
  return past(script, at, /[ !]*/y);
}

function addressEnd(script: string, from: number, plain: RegExp): number | undefined {
  const delimiter = script[from] === '/' ? from : script[from] === '\\' ? from + 1 : undefined;
  if (delimiter === undefined) return past(script, from, plain);
  const end = patternEnd(script, delimiter);
  return end === undefined ? undefined : past(script, end, /[IM]*/y);
}

/** Where the command at that place ends, or what it does. */
function commandEnd(script: string, at: number): number | SedEffect {
  const name = script[at] ?? '';
  if (name === 's') return substitutionEnd(script, at + 1);
  if (name === 'y') {
    const mark = script[at + 1] ?? '';
    const middle = textEnd(script, at + 2, mark);
    const end =
      middle === patternEnd(script, at + 1) && middle !== undefined ? textEnd(script, middle, mark) : undefined;
    return end === undefined ? 'unclear' : closed(script, end);
  }
  if ('aic'.includes(name)) {
    // Versions differ in whether what is behind the blanks is the text or a command.
    if (/^[ \t]*\\[ \t]+\n/.test(script.slice(at + 1))) return 'unclear';
    return past(script, at + 1, /[ \t]*(?:\\\n)?(?:\\[^]|[^\\\n])*\\?/y);
  }
  if ('rR'.includes(name)) return past(script, at + 1, /[^\n]*/y);
  if ('wW'.includes(name)) return written(script, at + 1);
  if (':btT'.includes(name)) return labelEnd(script, at + 1);
  if ('lLqQ'.includes(name)) return closed(script, past(script, at + 1, /[ \t]*\d*/y));
  return '=dDgGhHnNpPxzF'.includes(name) ? closed(script, at + 1) : 'unclear';
}

/** Versions differ in whether a brace ends a label. */
function labelEnd(script: string, from: number): number | SedEffect {
  const end = past(script, from, /[ \t]*[\w.-]*/y);
  return /^[ \t]*\}*(?:[\s;]|$)/.test(script.slice(end)) ? closed(script, end) : 'unclear';
}

function substitutionEnd(script: string, delimiter: number): number | SedEffect {
  const middle = patternEnd(script, delimiter);
  const end = middle === undefined ? undefined : textEnd(script, middle, script[delimiter] ?? '');
  if (end === undefined) return 'unclear';
  const behind = past(script, end, /[gpiIMm\d]*/y);
  if (script[behind] === 'e') return 'runs';
  return script[behind] === 'w' ? written(script, behind + 1) : closed(script, behind);
}

/** Streams are no files. */
function written(script: string, from: number): number | SedEffect {
  const end = past(script, from, /[^\n]*/y);
  return /^[ \t]*\/dev\/std(?:out|err)$/.test(script.slice(from, end)) ? end : 'writes';
}

/** A command ends with a semicolon, a line, a brace, or a remark. */
function closed(script: string, from: number): number | SedEffect {
  const at = past(script, from, /[ \t]*/y);
  return at >= script.length || /[;\n}#]/.test(script[at] ?? '') ? at : 'unclear';
}

/**
 * Behind a pattern and its second delimiter. One in brackets does not end it: where it does, the pattern is none. Undefined
 * where it matters whether a backslash counts in brackets.
 */
function patternEnd(script: string, delimiter: number): number | undefined {
  const mark = script[delimiter];
  if (mark === undefined || /[\s\\w;[\]{}]/.test(mark)) return undefined;
  const end = bracketedEnd(script, delimiter + 1, mark, false);
  return end === bracketedEnd(script, delimiter + 1, mark, true) ? end : undefined;
}

/** Behind the next delimiter that no backslash stands before. */
function textEnd(script: string, from: number, mark: string): number | undefined {
  for (let at = from; at < script.length; at++) {
    if (script[at] === '\\') at++;
    else if (script[at] === mark) return at + 1;
  }
  return undefined;
}

/** The same, where one in brackets is none. */
function bracketedEnd(script: string, from: number, mark: string, escapes: boolean): number | undefined {
  for (let at = from; at < script.length; at++) {
    if (script[at] === '\\') at++;
    else if (script[at] === mark) return at + 1;
    else if (script[at] === '[') {
      const inner = escapes
        ? /\[\^?\]?(?:\[([:.=])[^]*?\1\]|\\[^]|[^\]\\])*/y
        : /\[\^?\]?(?:\[([:.=])[^]*?\1\]|[^\]])*/y;
      at = past(script, at, inner);
    }
  }
  return undefined;
}

function past(script: string, at: number, pattern: RegExp): number {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.test(script) ? sticky.lastIndex : at;
}
