/** What a scan of a message finds: places in its text, in UTF-16 units, oldest first. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a call is written: `<use_mcp_tool>`; JSON in `<tool_call>`; `<function=name>` with JSON or `<parameter=…>` in it. */
export type CallForm = 'mcp' | 'json' | 'function';

/** One call as it stands; `body` is where its arguments are, or in `json` the object that names the tool too. */
export interface FoundCall extends Span {
  readonly form: CallForm;
  readonly server?: Span;
  readonly tool?: Span;
  readonly body: Span;
  /** Whether its closing tag is there. */
  readonly closed: boolean;
}

/** A stretch of the message. `unfinished`: a call that has only begun when the message ends. */
export interface Part extends Span {
  readonly kind: 'text' | 'thought' | 'call' | 'unfinished';
}

/** A whole message. The parts leave out nothing but the tags of thoughts. */
export interface Scan {
  readonly calls: readonly FoundCall[];
  readonly parts: readonly Part[];
  /** Whether there are tags of calls outside of any call. */
  readonly strayTags: boolean;
}

/** A thought from its opening tag to the end of its closing one, and what it says. */
export interface FoundThought extends Span {
  readonly inner: Span;
}

/** Puts what was found in order and calls the rest text. */
export function partsOf(
  length: number,
  thoughts: readonly FoundThought[],
  calls: readonly Span[],
  unfinished: Span | undefined,
): readonly Part[] {
  const marks = [
    ...thoughts.map((thought) => ({
      start: thought.start,
      end: thought.end,
      part: { kind: 'thought' as const, ...thought.inner },
    })),
    ...calls.map(({ start, end }) => ({ start, end, part: { kind: 'call' as const, start, end } })),
    ...(unfinished ? [{ ...unfinished, part: { kind: 'unfinished' as const, ...unfinished } }] : []),
  ].sort((one, other) => one.start - other.start);
  const parts: Part[] = [];
  let at = 0;
  for (const { start, end, part } of marks) {
    if (start > at) parts.push({ kind: 'text', start: at, end: start });
    parts.push(part);
    at = end;
  }
  if (at < length) parts.push({ kind: 'text', start: at, end: length });
  return parts;
}
