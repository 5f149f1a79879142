/** What the loop needs of the world. Each port has one real implementation; only a model's weights are ever faked. */
import type { CallRequest, Fact, FactOf, ToolSchema, TrajectoryEvent, Usage } from '../shared/events.ts';
import type { BlobRef } from '../shared/refs.ts';
import type { ToolFormat } from '../shared/runSettings.ts';
import type { ChatMessage } from './messages.ts';
import type { OutputSink } from './tool.ts';

/** One request for one reply. */
export interface ModelRequest {
  readonly messages: readonly ChatMessage[];
  /** Offered natively when `toolFormat` is native; in text format the system prompt lists them already. */
  readonly tools: readonly ToolSchema[];
  readonly toolFormat: ToolFormat;
  /** Whether the reply may call: not in the final answer. The tools are offered all the same, so that the prompt stays as it was. */
  readonly mayCall: boolean;
  readonly maxTokens: number;
  /** The member under which the server sent its reasoning before: thoughts go back under the same. */
  readonly thoughtField?: string;
  /** The sampling seed; absent: the server's own choice. */
  readonly seed?: number;
  /** Asked of every delta: whether the rest of the reply is waste. Then the stream is stopped there. */
  readonly watch?: (delta: ReplyDelta) => StopReason | undefined;
  /** Called while the reply arrives; what it is given is shown and forgotten. */
  readonly onPreview: (preview: Preview) => void;
}

/** What a model server does before its reply is whole. Token counts are of this reply, as far as known. */
export type Preview =
  { readonly kind: 'reading' } | { readonly kind: 'delta'; readonly content: string; readonly reasoning: string };

/** What one chunk of a stream brought; `nativeCalls` are all that came so far, the last perhaps unfinished. */
export interface ReplyDelta {
  readonly content: string;
  readonly reasoning: string;
  readonly nativeCalls: readonly NativeCall[];
}

/** Why a stream was stopped by us: a complete call was followed by something else than a call, or the text ran in circles. */
export type StopReason = 'afterCall' | 'repetition';

/** A call as it came natively; `arguments` is the text that the server sent. */
export interface NativeCall {
  readonly name: string;
  readonly arguments: string;
}

/** A whole reply. */
export interface ModelReply {
  readonly content: string;
  readonly reasoning?: string;
  /** The member in which the reasoning came. */
  readonly thoughtField?: string;
  readonly nativeCalls: readonly NativeCall[];
  readonly finishReason: string | null;
  readonly usage?: Usage;
  /** Set when `watch` stopped the stream; `finishReason` is then null and no usage came. */
  readonly stopped?: StopReason;
  /** The window that the server named while this reply was asked for, in tokens. */
  readonly contextWindow?: number;
}

/** A language model, or what plays one. */
export interface Model {
  /** The name under which it is logged. */
  readonly name: string;
  /** Whether asking the same again gives the same: then there is no second try. */
  readonly deterministic: boolean;
  /** Throws ModelError, or the signal's reason when aborted. */
  readonly complete: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>;
  /** The exact size of a request's prompt in tokens, where the server can tell (`/tokenize`); undefined where it cannot. */
  readonly promptTokens?: (
    request: Pick<ModelRequest, 'messages' | 'tools' | 'toolFormat'>,
    signal: AbortSignal,
  ) => Promise<number | undefined>;
}

/** Counts tokens of text as the models of this family do (Qwen's vocabulary); exact for plain text. */
export interface TokenCounter {
  /** One count a text, in order. */
  readonly count: (texts: readonly string[]) => Promise<readonly number[]>;
}

/** The log of one run, opened for writing. */
export interface EventLog {
  /** Writes facts in order, in one go, and gives them back in their place once they are on disk. */
  readonly append: (...facts: readonly Fact[]) => Promise<readonly TrajectoryEvent[]>;
  /** Stores bytes beside the log, durably. */
  readonly putBlob: (bytes: Uint8Array) => Promise<BlobRef>;
  /** Stores text beside the log while it comes. */
  readonly openOutput: () => Promise<OutputSink>;
  /** A stored text, a parent's too; undefined where it cannot be read any more. */
  readonly readText: (ref: BlobRef) => Promise<string | undefined>;
}

export type Decision = Omit<FactOf<'approval.decided'>, 'type' | 'callId'>;

/** Why a call waits for a person. */
export interface ApprovalRequest {
  readonly reason: string;
  /** What "for this run" would allow, in words; empty: nothing but this call can be allowed. */
  readonly scope: string;
  /** Whether it would run without confinement. */
  readonly unconfined: boolean;
}

/** Whoever may allow a call. */
export interface Approval {
  /** Answers when a person did; never by itself. Rejects with the signal's reason when aborted. */
  readonly decide: (call: CallRequest, request: ApprovalRequest, signal: AbortSignal) => Promise<Decision>;
}

/** Whoever answers questions back. */
export interface Clarification {
  /**
   * One answer a question in order, an empty text for one that is left out; none: all are skipped. Answers when a person
   * did; rejects with the signal's reason when aborted.
   */
  readonly answer: (questions: readonly string[], signal: AbortSignal) => Promise<readonly string[]>;
}

/** A fact about the workspace's files. */
export type CheckpointFact = FactOf<'checkpoint.made'> | FactOf<'checkpoint.failed'>;

/** Keeps the state of the workspace's files, beside the calls and never in their way. Nothing here rejects but by the signal. */
export interface Checkpoints {
  /**
   * Resolves when what was before is kept, so that a call may write; nobody else writes until `after`. A call that is named
   * is known as the writer even if the process ends before `after`.
   */
  readonly before: (signal: AbortSignal, call?: Omit<WritingCall, 'touched'>) => Promise<void>;
  /** The call has ended, whichever way; comes back at once. `touched`: absolute paths, undefined when unknown. */
  readonly after: (call: WritingCall) => void;
  /** Calls back with each fact in order; gives back how to stop that. */
  readonly listen: (onFact: (fact: CheckpointFact) => Promise<void>) => () => void;
  /** Resolves when every fact so far was told. */
  readonly settled: () => Promise<void>;
}

/** A call that may have written files. */
export interface WritingCall {
  readonly callId: string;
  readonly turn: number;
  readonly touched?: readonly string[];
}

/** Where nothing is kept: nested runs, tests. */
export const noCheckpoints: Checkpoints = {
  before: async () => undefined,
  after: () => undefined,
  listen: () => () => undefined,
  settled: async () => undefined,
};
