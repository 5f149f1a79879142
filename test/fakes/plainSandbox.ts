import type { RunSurroundings } from '../../src/runs/surroundings.ts';

/** A run's sandbox as it is where nobody chose, without limits and checkpoints. */
export const plainSandbox: Pick<RunSurroundings, 'sandbox' | 'checkpoints'> = {
  sandbox: {
    readOnlyPaths: [],
    python: undefined,
    typing: false,
    limits: {},
    timeoutMs: 600_000,
    inputWaitMs: 60_000,
  },
  checkpoints: undefined,
};
