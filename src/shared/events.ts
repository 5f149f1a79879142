/**
 * The facts of a run: the only thing that is ever written. A log is these, one JSON object a line, oldest first.
 * The schemas parse logs, which may come from elsewhere; the types are what the rest of the house speaks.
 */
import { z } from 'zod';

/** The newest log format that this version writes and reads. */
export const logFormat = 1;

/** How tool calls travel: inside the text, or as the server's own `tool_calls`. */
export const toolFormatSchema = z.enum(['mcp-xml', 'native']);
export type ToolFormat = z.infer<typeof toolFormatSchema>;

/** Which calls ask first: `ask` all that write or execute, `sandbox` those that are not confined, `auto` none that is. */
export const approvalPolicySchema = z.enum(['ask', 'sandbox', 'auto']);
export type ApprovalPolicy = z.infer<typeof approvalPolicySchema>;

/** What a run was started with; a resumed run may change it (fact `run.resumed`). */
export const runSettingsSchema = z
  .object({
    /** The model server's window, in tokens. */
    contextWindow: z.number().int().positive(),
    /** At most this many tokens in one reply. */
    maxTokens: z.number().int().positive(),
    maxTurns: z.number().int().positive(),
    maxCalls: z.number().int().positive(),
    /** Newest observations that stay in view; -1 keeps all (agent-protocol: recency-based retention). */
    keep: z.number().int().min(-1),
    approval: approvalPolicySchema,
    network: z.enum(['off', 'on']),
    /** `full`: a readable answer with sources, then the box. `short`: the box only. */
    answer: z.enum(['full', 'short']),
  })
  .readonly();
export type RunSettings = z.infer<typeof runSettingsSchema>;

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

/** Token counts as the server gave them. */
export const usageSchema = z
  .object({
    promptTokens: z.number().int().min(0),
    completionTokens: z.number().int().min(0),
    cachedTokens: z.number().int().min(0).exactOptional(),
  })
  .readonly();
export type Usage = z.infer<typeof usageSchema>;

/** A blob beside the log: its name is the lower-case SHA-256 of its bytes. */
export const blobRefSchema = z
  .object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), sizeBytes: z.number().int().min(0) })
  .readonly();
export type BlobRef = z.infer<typeof blobRefSchema>;

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

/** Every fact without its place in the log. */
export const factSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.started'),
    format: z.literal(logFormat),
    runId: z.string(),
    question: z.string(),
    /** Workspace paths that the question mentions with `@`. */
    mentions: z.array(z.string()).readonly(),
    model: z.string(),
    baseUrl: z.string(),
    toolFormat: toolFormatSchema,
    settings: runSettingsSchema,
    system: z.string(),
    tools: z.array(toolSchemaSchema).readonly(),
    /** Absolute paths of the workspace's roots. */
    roots: z.array(z.string()).readonly(),
  }),
  z.object({
    type: z.literal('run.resumed'),
    model: z.string(),
    baseUrl: z.string(),
    toolFormat: toolFormatSchema,
    settings: runSettingsSchema,
  }),
  z.object({ type: z.literal('question.asked'), question: z.string(), mentions: z.array(z.string()).readonly() }),
  z.object({
    type: z.literal('run.waiting'),
    reason: z.string(),
    /** When the next try is made, in ms since the epoch. */
    nextTryAt: z.number().exactOptional(),
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
  }),
  z.object({
    type: z.literal('turn.rolledBack'),
    reason: z.string(),
    reply: z.string(),
    reasoning: z.string().exactOptional(),
  }),
  /** A malformed reply that was let through after too many rollbacks, and what the model was told of it. */
  z.object({ type: z.literal('turn.corrected'), turn: z.number().int().positive(), content: z.string() }),
  z.object({ type: z.literal('approval.requested'), callId: z.string(), reason: z.string() }),
  z.object({
    type: z.literal('approval.decided'),
    callId: z.string(),
    decision: z.enum(['once', 'run', 'deny']),
    note: z.string().exactOptional(),
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
  }),
  z.object({
    type: z.literal('answer.requested'),
    reason: z.enum(['finished', 'turns', 'calls', 'context']),
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
