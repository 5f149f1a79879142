/** Watches a reply while it streams, and tells when the rest of it would be waste. */
import { isRecord } from '../shared/json.ts';
import { ReplyScanner } from '../shared/replyScanner.ts';
import type { NativeCall, ReplyDelta, StopReason } from './ports.ts';
import { RepetitionWatch } from './repetition.ts';

export { isDegenerate } from './repetition.ts';

/** Watches one reply: not two, since it remembers what came. */
export interface ReplyGuard {
  /** Takes the next delta. Once there is a reason to stop, it stays. */
  readonly add: (delta: ReplyDelta) => StopReason | undefined;
  /** The content up to the end of the last complete call, when `afterCall` was the reason; else all of it. */
  readonly kept: (content: string) => string;
}

/**
 * `afterCall`: a complete call is followed by something that is neither white space nor another call, so that the model
 * goes on without the result. `repetition`: content or reasoning run in circles. Each character is looked at once.
 */
export function replyGuard(): ReplyGuard {
  const scanner = new ReplyScanner();
  const content = new RepetitionWatch();
  const reasoning = new RepetitionWatch();
  const natives = nativeWatch();
  let reason: StopReason | undefined;
  const add = (delta: ReplyDelta): StopReason | undefined => {
    if (reason !== undefined) return reason;
    if (delta.content !== '') {
      if (natives.areWhole()) scanner.callElsewhere();
      scanner.push(delta.content);
    }
    natives.saw(delta.nativeCalls);
    const circle = reasoning.push(delta.reasoning) === undefined ? content.push(delta.content) : 0;
    const after = scanner.afterCall?.place;
    if (circle !== undefined && (after === undefined || circle < after)) reason = 'repetition';
    else if (after !== undefined) reason = 'afterCall';
    return reason;
  };
  const kept = (text: string) => (reason === 'afterCall' ? text.slice(0, scanner.afterCall?.callEnd) : text);
  return { add, kept };
}

/** Remembers the native calls of the deltas before: whether they are whole is asked only when content follows them. */
function nativeWatch() {
  let last: NativeCall | undefined;
  let judged: { readonly call: NativeCall; readonly whole: boolean } | undefined;
  return {
    saw: (calls: readonly NativeCall[]) => {
      last = calls.at(-1) ?? last;
    },
    areWhole: (): boolean => {
      if (!last) return false;
      if (judged?.call.arguments !== last.arguments) judged = { call: { ...last }, whole: isWhole(last.arguments) };
      return judged.whole;
    },
  };
}

function isWhole(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}
