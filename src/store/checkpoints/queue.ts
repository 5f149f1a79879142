/** One thing at a time, in the order in which it was asked for. */

export interface Queue {
  /** Runs the task when those before are over, however they ended. */
  readonly add: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /** Resolves when everything so far is over. */
  readonly idle: () => Promise<void>;
}

/** An empty queue. */
export function openQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    add: (task) => {
      const result = last.then(task);
      last = result.catch(() => undefined);
      return result;
    },
    idle: async () => {
      await last;
    },
  };
}
