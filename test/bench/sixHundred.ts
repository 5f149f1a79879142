/** The run of 600 calls that two benchmarks measure. */
import type { RunShape } from './longRun.ts';

export const calls = 600;

/** 2 KB of thought and 16 KB of observation, in tokens of about 5.4 characters. */
export const shape: RunShape = { thoughtTokens: 370, actionTokens: 60, observationTokens: 2_950 };
