/**
 * The facts of a run: the only thing that is ever written. A log is these, one JSON object a line, oldest first.
 * The schemas parse logs, which may come from elsewhere; the types are what the rest of the house speaks.
 */
import { z } from 'zod';
import { citationsCheckedSchema, evidenceSchema } from './evidence.ts';
import { checkpointFailedSchema, checkpointMadeSchema } from './checkpointFacts.ts';
import { clarificationAnsweredSchema, clarificationAskedSchema, planSetSchema, planTickedSchema } from './plan.ts';
import { attachmentSchema, blobRefSchema, imageRefSchema } from './refs.ts';
import { runSettingsSchema, toolFormatSchema } from './runSettings.ts';
import { usageSchema } from './usage.ts';

export type { Usage } from './usage.ts';

/** The log format that this version writes; older ones are read through `upgradeLine`. */
export const logFormat = 4;

const jsonObject = z.record(z.string(), z.unknown());

/** A tool as the model was told of it. */
export const toolSchemaSchema = z
  .object({ server: z.string(), name: z.string(), description: z.string(), inputSchema: jsonObject })
  .readonly();
export type ToolSchema = z.infer<typeof toolSchemaSchema>;

/** One call that a reply asks for; `callId` is unique in the run. */
export const callRequestSchema = z
  .object({ callId: z.string(), server: z.string(), tool: z.string(), arguments: jsonObject })
  .readonly();
export type CallRequest = z.infer<typeof callRequestSchema>;

/** Where a claim of the answer comes from: a path or an address, and what stands there. Lines count from 1. */
export const sourceSchema = z
  .object({
    uri: z.string(),
    title: z.string().exactOptional(),
    startLine: z.number().int().positive().exactOptional(),
    quote: z.string().exactOptional(),
  })
  .readonly();
export type Source = z.infer<typeof sourceSchema>;

export const outcomeSchema = z.enum(['ok', 'failed', 'cancelled', 'denied', 'lost']);
/** How a call ended. `lost`: its process went away, so that nobody knows. */
export type Outcome = z.infer<typeof outcomeSchema>;

export const endReasonSchema = z.enum(['answered', 'cancelled', 'limit', 'failed']);
export type EndReason = z.infer<typeof endReasonSchema>;

/** Where facts of another log stand: up to and including number `seq` they belong to this run too. */
export const parentSchema = z.object({ runId: z.string(), seq: z.number().int().min(0) }).readonly();

const model = {
  model: z.string(),
  baseUrl: z.string(),
  toolFormat: toolFormatSchema,
  settings: runSettingsSchema,
};
/** The system prompt and the tools, where another format or other tools change them. */
const newPrompt = { system: z.string().exactOptional(), tools: z.array(toolSchemaSchema).readonly().exactOptional() };
const asked = {
  question: z.string(),
  mentions: z.array(z.string()).readonly(),
  attachments: z.array(attachmentSchema).readonly().exactOptional(),
};

/** Why an attempt's research stops. */
export const stopReasonSchema = z.enum([
  'finished',
  'turns',
  'calls',
  'context',
  'tokens',
  'minutes',
  /** A person asked for the answer now. */
  'asked',
  /** The answer was asked for, and no try gave one that can be read. */
  'noAnswer',
]);
export type ResearchEnd = z.infer<typeof stopReasonSchema>;

/** What a rolled back reply did (agent-protocol: rollbacks); `cutOff` and `repetition` are replies that no server should give. */
export const rollbackKindSchema = z.enum([
  'malformed',
  'invalidArguments',
  'unknownTool',
  'refusal',
  'duplicate',
  'failedTool',
  'emptyResult',
  'cutOff',
  'repetition',
  /** The server had dropped a part of the prompt. */
  'promptCut',
]);
export type RollbackKind = z.infer<typeof rollbackKindSchema>;

export const failureSchema = z.enum(['incomplete', 'blocked', 'misdirected', 'format_missed']);
/** The failure types of a report (agent-protocol: final answer). */
export type Failure = z.infer<typeof failureSchema>;

/** Every fact without its place in the log. */
export const factSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.started'),
    format: z.literal(logFormat),
    runId: z.string(),
    ...asked,
    ...model,
    system: z.string(),
    tools: z.array(toolSchemaSchema).readonly(),
    /** Absolute paths of the workspace's roots. */
    roots: z.array(z.string()).readonly(),
    /** The run and the call that this run is a subtask of. */
    caller: z.object({ runId: z.string(), callId: z.string() }).readonly().exactOptional(),
    /** One of several runs of the same question: number `index` (from 1) of `of`. */
    rollout: z
      .object({ group: z.string(), index: z.number().int().positive(), of: z.number().int().positive() })
      .readonly()
      .exactOptional(),
  }),
  /** The first fact of a fork's own log; its place goes on behind the parent's fact `parent.seq`. */
  z.object({
    type: z.literal('run.forked'),
    format: z.literal(logFormat),
    runId: z.string(),
    parent: parentSchema,
    ...model,
    ...newPrompt,
  }),
  z.object({ type: z.literal('run.resumed'), ...model, ...newPrompt }),
  /** The server takes no native calls: from here on they travel as text, and the prompt says how. */
  z.object({
    type: z.literal('format.changed'),
    toolFormat: toolFormatSchema,
    system: z.string(),
    reason: z.string(),
  }),
  z.object({ type: z.literal('question.asked'), ...asked }),
  /** A follow-up question that is asked when the present one has ended. */
  z.object({ type: z.literal('question.queued'), ...asked }),
  /** A person's word to the model: it enters the view behind turn `afterTurn` and its observation. */
  z.object({ type: z.literal('note.added'), text: z.string(), afterTurn: z.number().int().min(0) }),
  z.object({ type: z.literal('run.paused') }),
  z.object({ type: z.literal('run.continued') }),
  z.object({
    type: z.literal('run.waiting'),
    reason: z.string(),
    /** When the next try is made, in ms since the epoch. */
    nextTryAt: z.number().exactOptional(),
  }),
  /** The window turned out to be another one: a server said so, or read less than it was sent. */
  z.object({
    type: z.literal('window.learned'),
    contextWindow: z.number().int().positive(),
    reason: z.string(),
    /** The size of the request as the server counted it. */
    promptTokens: z.number().int().min(0).exactOptional(),
  }),
  /** The view was narrowed because the prompt came near the window. Counts are from the view's front and only grow. */
  z.object({
    type: z.literal('view.narrowed'),
    /** Observations that are masked now. */
    maskedResults: z.number().int().min(0),
    /** Turns whose thoughts are out of view now. */
    droppedThoughts: z.number().int().min(0),
    /** The prompt's size before and after. */
    promptTokens: z.number().int().min(0),
    afterTokens: z.number().int().min(0),
  }),
  z.object({
    type: z.literal('model.replied'),
    turn: z.number().int().positive(),
    content: z.string(),
    reasoning: z.string().exactOptional(),
    toolCalls: z.array(callRequestSchema).readonly(),
    finishReason: z.string().nullable(),
    usage: usageSchema.exactOptional(),
    durationMs: z.number(),
    /** What was mended in the reply, in words; empty when it was as it should be. */
    mended: z.array(z.string()).readonly(),
    /** The stream was stopped by us, behind a complete call. */
    stopped: z.literal('afterCall').exactOptional(),
    /** The member under which the server sent the reasoning, and under which it goes back. */
    thoughtField: z.string().exactOptional(),
  }),
  /** A reply that is undone: it is not in the prompt, does not count, and the turn is sampled again. */
  z.object({
    type: z.literal('turn.rolledBack'),
    kind: rollbackKindSchema,
    reason: z.string(),
    reply: z.string(),
    reasoning: z.string().exactOptional(),
    usage: usageSchema.exactOptional(),
    /** A turn that was recorded already: its call was made before it showed that the turn is to be undone. */
    turn: z.number().int().positive().exactOptional(),
  }),
  /** A malformed reply that was let through after too many rollbacks, and what the model was told of it. */
  z.object({ type: z.literal('turn.corrected'), turn: z.number().int().positive(), content: z.string() }),
  z.object({
    type: z.literal('approval.requested'),
    callId: z.string(),
    reason: z.string(),
    /** What "for this run" would allow, in words; empty: nothing more; absent: this tool. */
    scope: z.string().exactOptional(),
  }),
  z.object({
    type: z.literal('approval.decided'),
    callId: z.string(),
    decision: z.enum(['once', 'run', 'deny']),
    note: z.string().exactOptional(),
    /** The arguments as the person edited them. */
    arguments: jsonObject.exactOptional(),
  }),
  z.object({
    type: z.literal('tool.started'),
    callId: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: jsonObject,
  }),
  z.object({
    type: z.literal('tool.finished'),
    callId: z.string(),
    outcome: outcomeSchema,
    /** The whole text that the model was shown. */
    content: z.string(),
    truncated: z.boolean(),
    durationMs: z.number(),
    exitCode: z.number().int().exactOptional(),
    /** What was cut from `content` (it begins where the kept text ends), or what is binary. */
    blob: blobRefSchema.exactOptional(),
    /** The whole output of a command as plain text, and how many bytes of its middle were not kept. */
    output: blobRefSchema.exactOptional(),
    omittedBytes: z.number().int().min(0).exactOptional(),
    images: z.array(imageRefSchema).readonly().exactOptional(),
    /** What it brought evidence of. */
    sources: z.array(evidenceSchema).readonly().exactOptional(),
    /** The nested run that did the call, and what it spent. */
    runId: z.string().exactOptional(),
    usage: usageSchema.exactOptional(),
  }),
  checkpointMadeSchema,
  checkpointFailedSchema,
  clarificationAskedSchema,
  clarificationAnsweredSchema,
  planSetSchema,
  planTickedSchema,
  citationsCheckedSchema,
  /** The attempt is over without an answer: the model is asked for a report of what it found. */
  z.object({ type: z.literal('report.requested'), reason: stopReasonSchema, prompt: z.string() }),
  z.object({
    type: z.literal('attempt.ended'),
    attempt: z.number().int().positive(),
    reason: stopReasonSchema,
    failure: failureSchema,
    /** The model's words, for the next attempt and the person. */
    report: z.string(),
    /** What was found with its place; each stands in an observation of the attempt. */
    evidence: z.array(sourceSchema).readonly(),
  }),
  z.object({
    type: z.literal('attempt.started'),
    attempt: z.number().int().positive(),
    /** The message in place of the question: it holds the reports and the evidence of all earlier attempts. */
    task: z.string(),
  }),
  z.object({
    type: z.literal('answer.requested'),
    reason: stopReasonSchema,
    /** The text that asks the model for its answer. */
    prompt: z.string(),
  }),
  z.object({
    type: z.literal('answer.given'),
    boxed: z.string(),
    text: z.string(),
    sources: z.array(sourceSchema).readonly(),
  }),
  z.object({ type: z.literal('run.ended'), reason: endReasonSchema, message: z.string().exactOptional() }),
]);
export type Fact = z.infer<typeof factSchema>;
export type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>;

/** `seq` counts 0, 1, 2, … without gaps; `at` is in ms since the epoch. */
export const placeSchema = z.object({ seq: z.number().int().min(0), at: z.number() });
export type TrajectoryEvent = Fact & z.infer<typeof placeSchema>;
export type EventOf<T extends Fact['type']> = Extract<TrajectoryEvent, { type: T }>;
