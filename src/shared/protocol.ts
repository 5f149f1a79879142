/**
 * What host and webview say to each other: intentions in, events and previews out, no replies to lose. The host parses
 * intentions, since the view shows foreign text; what the host posts is trusted.
 */
import { z } from 'zod';
import { spanSchema } from './evidence.ts';
import type { TrajectoryEvent } from './events.ts';
import { checkpointRefSchema } from './refs.ts';

/** How things stand around a run: decides the empty state and what the box may do. */
export interface Setup {
  /** Whether a model server (or the embedded reader) was chosen. */
  readonly configured: boolean;
  /** The model in force, empty when none is known. */
  readonly model: string;
  readonly baseUrl: string;
  /** Whether the embedded reader answers: extracts, not a language model. */
  readonly embedded: boolean;
  readonly trusted: boolean;
  readonly workspaceOpen: boolean;
  /** What is wrong and what to do, in one or two sentences; shown above the box. */
  readonly problem?: string;
  /** The file that the problem is in; without one it is in the settings. */
  readonly problemFile?: string;
  /** What a run that starts now may do, on one line. */
  readonly permissions?: string;
  /** How the repository narrows that. */
  readonly narrowing?: readonly string[];
  /** `editor` for the tab, which has more air. */
  readonly place: 'side' | 'editor';
}

/** What a model server does before its reply is whole; shown until the next fact arrives, then forgotten. Times are the host's. */
export type PreviewState =
  | { readonly kind: 'reading'; readonly since: number; readonly promptTokens?: number }
  /** Not of a reply: the call under way waits for what a person types into the terminal, or does so no more. */
  | { readonly kind: 'input'; readonly since: number; readonly waiting: boolean }
  | {
      readonly kind: 'generating';
      /** When the first token came. */
      readonly since: number;
      /** Tokens (or deltas, where that is all that is known) so far. */
      readonly tokens: number;
      /** Whether the texts go on from what was sent, or (after `ready`) are all there is so far. */
      readonly append: boolean;
      readonly content: string;
      readonly reasoning: string;
    };

/** One rollout as the others' view shows it. */
export interface RolloutState {
  readonly runId: string;
  /** From 1. */
  readonly index: number;
  readonly state: 'running' | 'answered' | 'ended';
  readonly turns: number;
  /** The boxed answer, once there is one. */
  readonly boxed?: string;
}

/** The answer that most rollouts gave: `count` of the `of` that answered. */
export interface Majority {
  readonly answer: string;
  readonly count: number;
  readonly of: number;
}

export type ToWebview =
  | { readonly type: 'setup'; readonly setup: Setup }
  | {
      /** Which run is shown. The same id again changes only the state; another one empties the view, and its events follow. */
      readonly type: 'run';
      readonly runId: string | null;
      /** Whether somebody writes this run now, here or elsewhere. A run without a writer folds as `withoutWriter`. */
      readonly live: boolean;
      /** Whether it pauses, or will before its next step. */
      readonly pausing?: boolean;
      /** Why nothing can be done with it here: "It runs in another window", "This workspace is not trusted". */
      readonly readOnly?: string;
      /** The log was damaged: what was recovered. */
      readonly recovered?: string;
      /** The host's clock in ms since the epoch: the view's may differ (a remote host). */
      readonly now: number;
    }
  | {
      /** A page of facts, in order; `from` is the first one's seq. Pages of one `ready` follow each other while `more`. */
      readonly type: 'events';
      readonly runId: string;
      readonly from: number;
      readonly events: readonly TrajectoryEvent[];
      readonly more: boolean;
      /** Facts in the log as far as known, for "loading 400 of 6,100". */
      readonly total?: number;
    }
  | { readonly type: 'preview'; readonly runId: string; readonly preview: PreviewState }
  /** The rollouts of the shown run's question, by index; empty when it is not one of several. */
  | { readonly type: 'rollouts'; readonly rollouts: readonly RolloutState[]; readonly majority?: Majority }
  /** Workspace-relative paths for an @-mention, best first. */
  | { readonly type: 'files'; readonly query: string; readonly paths: readonly string[] }
  /** An `ask` or `followUp` was not followed: the text stays in the box, the message stands above it. */
  | { readonly type: 'refused'; readonly message: string }
  /** A picture of a call, or why it cannot be shown. */
  | {
      readonly type: 'picture';
      readonly runId: string;
      readonly sha256: string;
      readonly content:
        | { readonly kind: 'picture'; readonly mimeType: 'image/png' | 'image/jpeg'; readonly base64: string }
        | { readonly kind: 'problem'; readonly message: string };
    }
  /** Files that a person chose for the next question. */
  | { readonly type: 'attached'; readonly files: readonly AttachedFile[] }
  /** Opens the plan of the run shown for editing. */
  | { readonly type: 'editPlan' }
  /** Puts text into the box and the cursor after it ("ask about the selection"). */
  | { readonly type: 'compose'; readonly text: string };

const runId = z.string().max(100);
const text = z.string().max(1_000_000);
const path = z.string().max(4_096);
const mentions = z.array(path).max(1_000).readonly();

const attachedFileSchema = z.discriminatedUnion('kind', [
  /** A path or an address of a file; the host asks about one that it did not give out and that lies outside the workspace. */
  z.object({ kind: z.literal('path'), path, name: path }),
  /** Dropped or pasted without a path. */
  z.object({ kind: z.literal('bytes'), name: z.string().min(1).max(255), base64: z.string().max(28_000_000) }),
]);
/** A file that goes with a question. */
export type AttachedFile = z.infer<typeof attachedFileSchema>;
const attached = z.array(attachedFileSchema).max(50).readonly().exactOptional();

/** Intentions. What concerns a run names it, since the view may lag behind the host. */
export const fromWebviewSchema = z.discriminatedUnion('type', [
  /** "I have folded `have` facts of `runId`" (null: of none). The host answers with setup, run and the rest, in pages. */
  z.object({ type: z.literal('ready'), runId: runId.nullable(), have: z.number().int().min(0) }),
  z.object({ type: z.literal('ask'), question: text, mentions, attached }),
  z.object({ type: z.literal('followUp'), runId, question: text, mentions, attached }),
  z.object({ type: z.literal('stop'), runId }),
  /** A word to the model of a run under way. */
  z.object({ type: z.literal('note'), runId, text }),
  /** A question that is asked when the present one has ended. */
  z.object({ type: z.literal('queue'), runId, question: text, mentions, attached }),
  /** Files for the next question are to be chosen. */
  z.object({ type: z.literal('attachFiles') }),
  /** Answers to what the run asks back, in order, an empty text for one left open; none to skip. */
  z.object({ type: z.literal('clarify'), runId, answers: z.array(text).max(10).readonly() }),
  /** The plan from here on, in order; new items have the id 0. */
  z.object({
    type: z.literal('editPlan'),
    runId,
    items: z
      .array(z.object({ id: z.number().int().min(0), text: z.string().max(10_000) }).readonly())
      .max(100)
      .readonly(),
  }),
  z.object({ type: z.literal('tickPlan'), runId, id: z.number().int().positive(), done: z.boolean() }),
  z.object({ type: z.literal('pause'), runId }),
  z.object({ type: z.literal('goOn'), runId }),
  z.object({ type: z.literal('answerNow'), runId }),
  /** A new run that goes on from behind that turn (0: from the question); `files`: which are put back as they were then. */
  z.object({
    type: z.literal('fork'),
    runId,
    turn: z.number().int().min(0),
    note: text.optional(),
    files: z.literal('then').optional(),
  }),
  /** The messages that were sent for that turn, in an editor tab. */
  z.object({ type: z.literal('showPrompt'), runId, turn: z.number().int().positive() }),
  z.object({ type: z.literal('resume'), runId }),
  z.object({
    type: z.literal('approve'),
    runId,
    callId: z.string().max(1_000),
    decision: z.enum(['once', 'run', 'deny']),
    note: text.optional(),
    /** The arguments as the person edited them. */
    arguments: z.record(z.string(), z.unknown()).optional(),
  }),
  /** A workspace path (or file: address) and a line, counted from 1. */
  z.object({ type: z.literal('openSource'), uri: path, line: z.number().int().positive().optional() }),
  /** An http(s) address; the host checks it and opens it outside. */
  z.object({ type: z.literal('openLink'), url: path }),
  /** A picture that a call brought: to be shown in the view, or in an editor tab. */
  z.object({
    type: z.literal(['showPicture', 'openPicture']),
    runId,
    callId: z.string().max(1_000),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** The whole output of a call, what was cut from it included, in an editor tab. */
  z.object({ type: z.literal('showAll'), runId, callId: z.string().max(1_000) }),
  /** What a call changed, or the whole run (that is compared with the files as they are now); `path`: one file of it. */
  z.object({
    type: z.literal('showChanges'),
    runId,
    callId: z.string().max(1_000).optional(),
    path: path.optional(),
  }),
  /** Files are put back, after a question: to before the run, before a call or before a restore, to after a turn, or to what is picked. */
  z.object({
    type: z.literal('restoreFiles'),
    runId,
    to: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('start') }),
      z.object({ kind: z.literal('turn'), turn: z.number().int().min(0) }),
      z.object({ kind: z.literal('beforeCall'), callId: z.string().max(1_000) }),
      z.object({ kind: z.literal('beforeRestore'), restore: checkpointRefSchema }),
      z.object({ kind: z.literal('picked') }),
    ]),
  }),
  /** Some of the run's changes are taken back, those that are not picked. */
  z.object({ type: z.literal('keepSomeChanges'), runId }),
  z.object({ type: z.literal('copyAnswer'), runId }),
  z.object({ type: z.literal('exportMarkdown'), runId }),
  z.object({ type: z.literal('exportReport'), runId }),
  /** What was read of a source, as it was read, with a stretch of it selected. */
  z.object({
    type: z.literal('openEvidence'),
    runId,
    callId: z.string().max(1_000),
    index: z.number().int().min(0),
    span: spanSchema.optional(),
  }),
  z.object({ type: z.literal('openRun'), runId }),
  z.object({ type: z.literal('findFiles'), query: path }),
  z.object({
    type: z.literal([
      'newQuestion',
      'showRuns',
      'openInEditor',
      'connect',
      'useEmbedded',
      'setEnvelope',
      'openSettings',
      'openFolder',
      'manageTrust',
    ]),
  }),
]);
export type FromWebview = z.infer<typeof fromWebviewSchema>;
