/** What a person chose for a run, from settings or from the command line, and what stands when they chose nothing. */
import type { ApprovalPolicy, RunSettings, ToolFormat } from '../shared/events.ts';

/** The name that stands for the embedded reader in place of a model. */
export const embeddedModel = 'embedded';

/** The usual address of a local vLLM server. */
export const defaultBaseUrl = 'http://127.0.0.1:8000/v1';

/** The window of the MiroThinker models, in tokens; taken where neither person nor server says another. */
export const defaultContextWindow = 262_144;

/** A run's options; what is absent keeps what the run was started with, or the default. */
export interface RunChoice {
  readonly baseUrl?: string;
  /** Empty: the first that the server lists. */
  readonly model?: string;
  readonly toolFormat?: ToolFormat | 'auto';
  /** In tokens; 0 asks the server. */
  readonly contextWindow?: number;
  readonly maxTurns?: number;
  readonly maxCalls?: number;
  readonly keep?: number;
  readonly approval?: ApprovalPolicy;
  readonly network?: 'off' | 'on';
  readonly answer?: 'full' | 'short';
}

/** What a new run has where nobody chose (agent-protocol: limits, sampling, retention). */
export const defaultSettings: RunSettings = {
  contextWindow: defaultContextWindow,
  maxTokens: 16_384,
  maxTurns: 600,
  maxCalls: 600,
  keep: 5,
  approval: 'ask',
  network: 'off',
  answer: 'full',
};

/** Settings with what a person chose laid over them. `contextWindow` is decided by the endpoint. */
export function withChoice(settings: RunSettings, choice: RunChoice, contextWindow: number): RunSettings {
  const { maxTurns, maxCalls, keep, approval, network, answer } = choice;
  return {
    ...settings,
    contextWindow,
    maxTurns: maxTurns ?? settings.maxTurns,
    maxCalls: maxCalls ?? settings.maxCalls,
    keep: keep ?? settings.keep,
    approval: approval ?? settings.approval,
    network: network ?? settings.network,
    answer: answer ?? settings.answer,
  };
}
