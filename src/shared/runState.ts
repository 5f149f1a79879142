/** What a run is doing. */
import type { EndReason } from './events.ts';

/** What the run is doing as far as its log says. */
export type RunState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'thinking'; readonly since: number }
  | { readonly kind: 'acting'; readonly since: number; readonly callId: string }
  | { readonly kind: 'approving'; readonly since: number; readonly callId: string; readonly reason: string }
  | { readonly kind: 'clarifying'; readonly since: number; readonly questions: readonly string[] }
  | { readonly kind: 'paused'; readonly since: number }
  | { readonly kind: 'waiting'; readonly since: number; readonly reason: string; readonly nextTryAt?: number }
  | { readonly kind: 'ended'; readonly since: number; readonly reason: EndReason; readonly message?: string };
