/** Calls that wait for a person, and their answers. */
import type { Approval, ApprovalRequest, Decision } from '../agent/ports.ts';
import type { CallRequest } from '../shared/events.ts';

/** An Approval that is answered from outside. */
export interface PendingApprovals extends Approval {
  /** Answers a waiting call; false when that call does not wait. */
  readonly settle: (callId: string, decision: Decision) => boolean;
}

/** Approvals that wait until `settle` is called; `ask` may answer by itself (a prompt, or nobody there). */
export function pendingApprovals(
  ask?: (call: CallRequest, request: ApprovalRequest, signal: AbortSignal) => Promise<Decision>,
): PendingApprovals {
  const waiting = new Map<string, (decision: Decision) => void>();
  return {
    decide: async (call, request, signal) => {
      signal.throwIfAborted();
      const settled = Promise.withResolvers<Decision>();
      const onAbort = () => settled.reject(signal.reason);
      waiting.set(call.callId, settled.resolve);
      signal.addEventListener('abort', onAbort, { once: true });
      ask?.(call, request, signal).then(settled.resolve, settled.reject);
      try {
        return await settled.promise;
      } finally {
        waiting.delete(call.callId);
        signal.removeEventListener('abort', onAbort);
      }
    },
    settle: (callId, decision) => {
      const resolve = waiting.get(callId);
      resolve?.(decision);
      return resolve !== undefined;
    },
  };
}
