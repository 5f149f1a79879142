/** What the loop needs of the world. Each port has one real implementation; only a model's weights are ever faked. */
import type {
  BlobRef,
  CallRequest,
  Fact,
  FactOf,
  ToolFormat,
  ToolSchema,
  TrajectoryEvent,
  Usage,
} from '../shared/events.ts';
import type { ChatMessage } from './messages.ts';

/** One request for one reply. */
export interface ModelRequest {
  readonly messages: readonly ChatMessage[];
  /** Offered natively when `toolFormat` is native; in text format the system prompt lists them already. */
  readonly tools: readonly ToolSchema[];
  readonly toolFormat: ToolFormat;
  /** Whether the reply may call: not in the final answer. The tools are offered all the same, so that the prompt stays as it was. */
  readonly mayCall: boolean;
  readonly maxTokens: number;
  /** Called while the reply arrives; what it is given is shown and forgotten. */
  readonly onPreview: (preview: Preview) => void;
}

/** What a model server does before its reply is whole. Token counts are of this reply, as far as known. */
export type Preview =
  { readonly kind: 'reading' } | { readonly kind: 'delta'; readonly content: string; readonly reasoning: string };

/** A call as it came natively; `arguments` is the text that the server sent. */
export interface NativeCall {
  readonly name: string;
  readonly arguments: string;
}

/** A whole reply. */
export interface ModelReply {
  readonly content: string;
  readonly reasoning?: string;
  readonly nativeCalls: readonly NativeCall[];
  readonly finishReason: string | null;
  readonly usage?: Usage;
}

/** A language model, or what plays one. */
export interface Model {
  /** The name under which it is logged. */
  readonly name: string;
  /** Whether asking the same again gives the same: then there is no second try. */
  readonly deterministic: boolean;
  /** Throws ModelError, or the signal's reason when aborted. */
  readonly complete: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>;
}

/** The log of one run, opened for writing. */
export interface EventLog {
  /** Writes facts in order, in one go, and gives them back in their place once they are on disk. */
  readonly append: (...facts: readonly Fact[]) => Promise<readonly TrajectoryEvent[]>;
  /** Stores bytes beside the log, durably. */
  readonly putBlob: (bytes: Uint8Array) => Promise<BlobRef>;
}

export type Decision = Omit<FactOf<'approval.decided'>, 'type' | 'callId'>;

/** Why a call waits for a person. */
export interface ApprovalRequest {
  readonly reason: string;
  /** Whether it would run without confinement. */
  readonly unconfined: boolean;
}

/** Whoever may allow a call. */
export interface Approval {
  /** Answers when a person did; never by itself. Rejects with the signal's reason when aborted. */
  readonly decide: (call: CallRequest, request: ApprovalRequest, signal: AbortSignal) => Promise<Decision>;
}
