/** A tool could not do what was asked; the message is written for the model, and the run goes on. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** What can go wrong between us and a model server. */
export type ModelErrorCode =
  | 'network'
  | 'noToolCalls'
  | 'unauthorized'
  | 'notFound'
  | 'overflow'
  | 'rateLimited'
  | 'http'
  | 'malformed'
  | 'timeout';

/** The model server failed. `retryable`: the same request may succeed later. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  readonly retryable: boolean;
  /** The wait that the server asked for, in ms. */
  readonly retryAfterMs: number | undefined;
  /** On `overflow`: the window that the server named, in tokens. */
  readonly contextWindow: number | undefined;
  /** On `overflow`: the size of the prompt that the server named, in tokens; never a mere lower bound. */
  readonly promptTokens: number | undefined;
  /** The server is not there now, or not ready: it may be restarting, or loading a model for minutes (servers.md). */
  readonly away: boolean;

  constructor(
    code: ModelErrorCode,
    message: string,
    options: {
      retryable: boolean;
      retryAfterMs?: number;
      contextWindow?: number;
      promptTokens?: number;
      away?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.contextWindow = options.contextWindow;
    this.promptTokens = options.promptTokens;
    this.away = options.away ?? code === 'network';
  }
}

/** Something that the person can put right; the message says what is wrong and what to do, and is shown verbatim. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/**
 * Why a signal was aborted whose run is to be interrupted, not stopped: its process or window goes away. Nothing is recorded
 * as the person's will, and the run can be resumed.
 */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** An error's message, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
