/** Questions back that wait for a person, and their answers. */
import type { Clarification } from '../agent/ports.ts';

/** A Clarification that is answered from outside. */
export interface PendingClarification extends Clarification {
  /** Answers what is asked, one text a question in order, none to skip them; false when nothing is asked. */
  readonly settle: (answers: readonly string[]) => boolean;
}

/** Questions wait until `settle` is called; `ask` may answer by itself (a terminal, or nobody there). */
export function pendingClarification(ask?: Clarification['answer']): PendingClarification {
  let waiting: ((answers: readonly string[]) => void) | undefined;
  return {
    answer: async (questions, signal) => {
      signal.throwIfAborted();
      const settled = Promise.withResolvers<readonly string[]>();
      const onAbort = () => settled.reject(signal.reason);
      waiting = settled.resolve;
      signal.addEventListener('abort', onAbort, { once: true });
      ask?.(questions, signal).then(settled.resolve, settled.reject);
      try {
        return await settled.promise;
      } finally {
        waiting = undefined;
        signal.removeEventListener('abort', onAbort);
      }
    },
    settle: (answers) => {
      const resolve = waiting;
      resolve?.(answers);
      return resolve !== undefined;
    },
  };
}
