/** What a trajectory is made of. */
import type {
  CallRequest,
  EventOf,
  Failure,
  Outcome,
  ResearchEnd,
  RollbackKind,
  Source,
  ToolSchema,
  Usage,
} from './events.ts';
import type { CheckedCitations, Evidence } from './evidence.ts';
import type { Attachment, BlobRef, ImageRef } from './refs.ts';
import type { Plan } from './plan.ts';
import type { PlanItem } from './plan.ts';
import type { RunSettings, ToolFormat } from './runSettings.ts';
import type { RunState } from './runState.ts';

export type { RunState } from './runState.ts';

/** One tool call and all that is known of it. No `outcome` means that it has not ended. */
export interface Call extends CallRequest {
  readonly approval?: {
    readonly reason: string;
    readonly decision?: 'once' | 'run' | 'deny';
    readonly note?: string;
    readonly scope?: string;
  };
  readonly startedAt?: number;
  readonly outcome?: Outcome;
  readonly content?: string;
  readonly truncated?: boolean;
  readonly durationMs?: number;
  readonly exitCode?: number;
  readonly blob?: BlobRef;
  /** The whole output of a command, and how many bytes of its middle were not kept. */
  readonly output?: BlobRef;
  readonly omittedBytes?: number;
  readonly images?: readonly ImageRef[];
  readonly sources?: readonly Evidence[];
  /** What it changed, once that is known. */
  readonly checkpoint?: Checkpoint;
  /** What the model asked for, where a person edited the arguments before the call ran. */
  readonly requested?: CallRequest['arguments'];
  /** The nested run that did the call. */
  readonly runId?: string;
}

/** One reply that was not rolled back, with its calls in order. */
export interface Turn {
  readonly kind: 'turn';
  readonly seq: number;
  readonly at: number;
  readonly turn: number;
  readonly content: string;
  readonly reasoning?: string;
  readonly finishReason: string | null;
  readonly usage?: Usage;
  readonly durationMs: number;
  readonly mended: readonly string[];
  readonly calls: readonly Call[];
  /** What the model was told of a malformed reply that was let through. */
  readonly correction?: string;
  /** Whether this reply answers a request for the final answer or for a failure report. */
  readonly final: boolean;
  /** The run went on after this try for an answer, which no longer counts. */
  readonly withdrawn?: boolean;
  /** The stream was stopped by us behind a complete call. */
  readonly stopped?: 'afterCall';
  /** The member under which the server sent the reasoning. */
  readonly thoughtField?: string;
  /** The turn was undone after its call was made: it is not in the prompt and does not count. */
  readonly undone?: { readonly kind: RollbackKind; readonly reason: string };
  /** Rollbacks in a row right before this reply. */
  readonly rollbacksBefore: number;
}

export interface Question {
  readonly kind: 'question';
  readonly seq: number;
  readonly at: number;
  readonly question: string;
  readonly mentions: readonly string[];
  readonly attachments?: readonly Attachment[];
  /** What was asked back, and what the person said; without answers they have not yet. */
  readonly clarification?: { readonly questions: readonly string[]; readonly answers?: readonly string[] };
  /** The plan as the model made it, which stands with the question in its prompt. */
  readonly plan?: readonly PlanItem[];
}

export interface RolledBack {
  readonly kind: 'rolledBack';
  readonly seq: number;
  readonly at: number;
  readonly rollback: RollbackKind;
  readonly reason: string;
  readonly reply: string;
  readonly reasoning?: string;
}

/** Something else than a turn was asked for: the final answer, or the report of an attempt that brought none. */
export interface Request<K extends 'answerRequest' | 'reportRequest' = 'answerRequest' | 'reportRequest'> {
  readonly kind: K;
  readonly seq: number;
  readonly at: number;
  readonly reason: ResearchEnd;
  readonly prompt: string;
  /** The run went on after this request, which no longer counts. */
  readonly withdrawn?: boolean;
}

export interface Answer {
  readonly kind: 'answer';
  readonly seq: number;
  readonly at: number;
  readonly boxed: string;
  readonly text: string;
  readonly sources: readonly Source[];
  /** Its citations, once they were checked. */
  readonly checked?: CheckedCitations;
}

export interface End {
  readonly kind: 'end';
  readonly seq: number;
  readonly at: number;
  readonly reason: EventOf<'run.ended'>['reason'];
  readonly message?: string;
}

/** A person's word to the model, in view behind turn `afterTurn`. */
export interface Note {
  readonly kind: 'note';
  readonly seq: number;
  readonly at: number;
  readonly text: string;
  readonly afterTurn: number;
}

/** A fresh attempt at the newest question; the view begins with its task. */
export interface AttemptStart {
  readonly kind: 'attempt';
  readonly seq: number;
  readonly at: number;
  readonly attempt: number;
  readonly task: string;
}

/** How an attempt ended, and what it leaves to the next one. */
export interface AttemptEnd {
  readonly kind: 'attemptEnd';
  readonly seq: number;
  readonly at: number;
  readonly attempt: number;
  readonly reason: ResearchEnd;
  readonly failure: Failure;
  readonly report: string;
  readonly evidence: readonly Source[];
}

/** From here on the model sees less: counts are from the front of its view. */
export interface Narrowed {
  readonly kind: 'narrowed';
  readonly seq: number;
  readonly at: number;
  readonly maskedResults: number;
  readonly droppedThoughts: number;
  readonly promptTokens: number;
  readonly afterTokens: number;
}

/** The window turned out to be another one. */
export interface LearnedWindow {
  readonly kind: 'window';
  readonly seq: number;
  readonly at: number;
  readonly contextWindow: number;
  readonly reason: string;
}

/** Calls travel otherwise from here on: the server takes no native ones. */
export interface ChangedFormat {
  readonly kind: 'format';
  readonly seq: number;
  readonly at: number;
  readonly toolFormat: ToolFormat;
  readonly reason: string;
}

/** From here on the run goes on with another model, server or settings: what differs, in words, `name: value`. */
export interface Changed {
  readonly kind: 'changed';
  readonly seq: number;
  readonly at: number;
  readonly model: string;
  readonly baseUrl: string;
  readonly changes: readonly string[];
}

/** From here on this run is a fork: what stands above is its parent's. */
export interface Fork {
  readonly kind: 'fork';
  readonly seq: number;
  readonly at: number;
  readonly parent: EventOf<'run.forked'>['parent'];
}

/** The workspace's files as they were kept; `files` are the differences to the checkpoint before. */
export type Checkpoint = Omit<EventOf<'checkpoint.made'>, 'type'>;

/** Files were put back, in view behind turn `turn`. */
export interface Restored extends Checkpoint {
  readonly kind: 'restore';
  /** The turn whose files they are again, 0: those from before the first; absent when that is not known. */
  readonly asOfTurn?: number;
}

/** From here on changes cannot be undone, or those of one call. */
export interface CheckpointFailed {
  readonly kind: 'checkpointFailed';
  readonly seq: number;
  readonly at: number;
  readonly reason: string;
  readonly callId?: string;
}

/** What a person scrolls through, oldest first; a note stands where the model sees it. */
export type Item =
  | Question
  | Turn
  | RolledBack
  | Request<'answerRequest'>
  | Request<'reportRequest'>
  | Answer
  | End
  | Note
  | AttemptStart
  | AttemptEnd
  | Narrowed
  | LearnedWindow
  | ChangedFormat
  | Changed
  | Fork
  | Restored
  | CheckpointFailed;

/** What a log's facts amount to. Counts are of the newest question unless said otherwise. */
export interface Trajectory {
  /** Events folded so far; the next one's `seq`. */
  readonly count: number;
  /** The id of the run whose log this is: a fork's own. */
  readonly runId: string;
  readonly start?: EventOf<'run.started'>;
  /** Model, server, settings, system prompt and tools in force: the start's, or those of the newest resumption or fork. */
  readonly model: string;
  readonly baseUrl: string;
  readonly toolFormat: ToolFormat;
  readonly settings?: RunSettings;
  readonly system: string;
  readonly tools: readonly ToolSchema[];
  readonly items: readonly Item[];
  readonly state: RunState;
  /** Replies that were recorded as turns, in the whole run: the newest turn's number. */
  readonly turns: number;
  /** The attempt under way, from 1. */
  readonly attempt: number;
  /** Turns of the attempt that count: before its answer was asked for, and not undone. */
  readonly turnsOfAttempt: number;
  readonly rollbacksOfAttempt: number;
  readonly rollbacksInARow: number;
  readonly callsOfQuestion: number;
  /** Replies to the newest request for an answer or a report. */
  readonly answerTries: number;
  /** What the model was asked for and has not given yet. */
  readonly asked?: 'answer' | 'report';
  /** How far the view was narrowed by facts. */
  readonly narrowed: { readonly maskedResults: number; readonly droppedThoughts: number };
  /** Tokens as the server counted them, rolled back replies included. */
  readonly spent: { readonly promptTokens: number; readonly completionTokens: number };
  /** Time spent, without what was waited for a person, until `lastAt`. */
  readonly workedMs: number;
  /** When the newest fact was recorded, in ms since the epoch. */
  readonly lastAt: number;
  /** Questions that wait for the end of the present one. */
  readonly queue: readonly Pick<Question, 'question' | 'mentions' | 'attachments'>[];
  /** The plan of the newest question, where there is one. */
  readonly plan?: Plan;
  /** Checkpoints of the workspace's files, the oldest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Notes whose turn has not come yet. */
  readonly pendingNotes: readonly Note[];
  readonly usage?: Usage;
  /** The trajectory as it was when the newest counted request was sent, and what the server counted. */
  readonly lastAsked?: { readonly trajectory: Trajectory; readonly usage: Usage };
}
