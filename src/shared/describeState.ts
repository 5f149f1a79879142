/** What a run is doing now, in a person's words: the panel's state line and the status bar. */
import type { PreviewState } from './protocol.ts';
import type { Call, Trajectory } from './trajectory.ts';
import { describeCall } from './describeCall.ts';
import { countOf, formatClock, formatTokens } from './quantities.ts';

/** `active`: the run works; `attention`: it needs somebody or something. */
export type StateTone = 'quiet' | 'active' | 'attention' | 'done' | 'failed';

export interface StateDescription {
  /** A codicon's name. */
  readonly icon: string;
  readonly tone: StateTone;
  /** "turn 37"; empty where no turn is under way. */
  readonly turn: string;
  /** "of 600", where there is a turn and a limit. */
  readonly turnLimit: string;
  /** "generating 41 tok/s". */
  readonly activity: string;
  /** How long it has done that, or until it does something: "0:12"; may be empty. */
  readonly seconds: string;
  /** The activity without its running numbers: changes only when the state does, for announcements. */
  readonly stable: string;
}

/** Describes the state at `now` (ms since the epoch, the host's clock). */
export function describeState(
  trajectory: Trajectory,
  preview: PreviewState | undefined,
  now: number,
): StateDescription {
  const { state, turns, settings } = trajectory;
  const seconds = formatClock(now - ('since' in state ? state.since : now));
  const turnLimit = settings ? `of ${settings.maxTurns}` : '';
  const none = { turn: '', turnLimit: '', seconds: '' };
  switch (state.kind) {
    case 'empty':
      return { ...none, icon: 'circle-large-outline', tone: 'quiet', activity: 'ready', stable: 'Ready' };
    case 'thinking': {
      const turn = `turn ${turns + 1}`;
      return { icon: 'circle-filled', tone: 'active', turn, turnLimit, ...thinking(preview, now, seconds) };
    }
    case 'acting': {
      const call = findCall(trajectory, state.callId);
      const what = call ? spoken(call) : 'a tool';
      const turn = `turn ${turns}`;
      return { icon: 'circle-filled', tone: 'active', turn, turnLimit, activity: what, seconds, stable: capital(what) };
    }
    case 'approving': {
      const words = { activity: 'waiting for you', stable: 'Waiting for you' };
      return { icon: 'question', tone: 'attention', turn: `turn ${turns}`, turnLimit, seconds, ...words };
    }
    case 'paused': {
      const words = { activity: 'paused', stable: 'Paused' };
      return { icon: 'debug-pause', tone: 'attention', turn: `turn ${turns}`, turnLimit, seconds, ...words };
    }
    case 'waiting': {
      const { nextTryAt } = state;
      const activity = 'waiting for the server';
      const until = nextTryAt === undefined ? seconds : `next try in ${formatClock(nextTryAt - now)}`;
      const stable = 'Waiting for the model server';
      return { ...none, icon: 'debug-disconnect', tone: 'attention', activity, seconds: until, stable };
    }
    case 'ended':
      return { ...none, ...ended(state.reason, trajectory) };
  }
}

/** The newest call of that id. */
export function findCall(trajectory: Trajectory, callId: string): Call | undefined {
  for (const item of trajectory.items.toReversed()) {
    const call = item.kind === 'turn' ? item.calls.find((candidate) => candidate.callId === callId) : undefined;
    if (call) return call;
  }
  return undefined;
}

/** How long the newest question has been worked on, or took. */
export function elapsedMs(trajectory: Trajectory, now: number): number {
  const asked = trajectory.items.findLast((item) => item.kind === 'question')?.at ?? now;
  const { state } = trajectory;
  return Math.max(0, (state.kind === 'ended' ? state.since : now) - asked);
}

function thinking(preview: PreviewState | undefined, now: number, seconds: string) {
  if (preview?.kind === 'generating') {
    const rate = preview.tokens / Math.max(0.5, (now - preview.since) / 1000);
    const speed = preview.tokens > 1 ? ` ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} tok/s` : '';
    return { activity: `generating${speed}`, seconds: '', stable: 'Generating' };
  }
  if (preview?.kind === 'reading') {
    const size = preview.promptTokens === undefined ? 'the prompt' : `${formatTokens(preview.promptTokens)} tokens`;
    return { activity: `reading ${size}`, seconds: formatClock(now - preview.since), stable: 'Reading the prompt' };
  }
  return { activity: 'asking the model', seconds, stable: 'Asking the model' };
}

function ended(reason: 'answered' | 'cancelled' | 'limit' | 'failed', { turns }: Trajectory) {
  const turn = turns > 0 ? countOf(turns, 'turn') : '';
  switch (reason) {
    case 'answered':
      return { icon: 'pass', tone: 'done', turn, activity: 'answered', stable: 'Answered' } as const;
    case 'cancelled':
      return { icon: 'circle-slash', tone: 'quiet', turn, activity: 'cancelled', stable: 'Cancelled' } as const;
    case 'limit': {
      const words = { activity: 'ended without an answer', stable: 'Ended without an answer' };
      return { icon: 'info', tone: 'attention', turn, ...words } as const;
    }
    case 'failed':
      return { icon: 'error', tone: 'failed', turn, activity: 'failed', stable: 'Failed' } as const;
  }
}

function spoken(call: Call): string {
  const { verb, target } = describeCall(call);
  const words = verb.charAt(0).toLowerCase() + verb.slice(1);
  return target ? `${words} ${target.length > 60 ? `${target.slice(0, 59)}…` : target}` : words;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
