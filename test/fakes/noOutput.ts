import type { OutputSink } from '../../src/agent/tool.ts';

/** Keeps nothing: for tools whose long output is not what is tested. */
export const noOutput: OutputSink = {
  push: () => undefined,
  end: async () => undefined,
  drop: async () => undefined,
};
