/** The guard of a workspace in which nothing can be written: there is nothing to keep or to move away. */
import type { Guard } from './guard.ts';

export const noGuard: Guard = {
  mounts: { pinned: [], kept: [], absent: [] },
  look: () => Promise.resolve(),
  watch: () => undefined,
  check: () => Promise.resolve([]),
  release: () => Promise.resolve([]),
};
