/** What a run is started with; a resumed or forked run may change it. */
import { z } from 'zod';
import { envelopeSchema } from './envelope.ts';
import { webSettingsSchema } from './webSettings.ts';

/** How tool calls travel: inside the text, or as the server's own `tool_calls`. */
export const toolFormatSchema = z.enum(['mcp-xml', 'native']);
export type ToolFormat = z.infer<typeof toolFormatSchema>;

/**
 * Which calls ask first where no rule of the envelope says otherwise: `ask` all that write or execute, `write` those that
 * execute, `sandbox` those that are not confined, `auto` none that is.
 */
export const approvalPolicySchema = z.enum(['ask', 'write', 'sandbox', 'auto']);
export type ApprovalPolicy = z.infer<typeof approvalPolicySchema>;

/** Newest observations that always stay in view; -1 keeps all. */
const keepSchema = z.number().int().min(-1);
const share = z.number().min(0).max(1);

/**
 * Which observations the model may still see (agent-protocol: recency-based retention). `recency`: the newest `keep`, and up
 * to `slack` more before they are masked down to `keep` in one go; slack 0 is the paper's policy. `watermark`: all, until the
 * prompt reaches the share `high` of the window; then they are masked down to `keep`, and where thoughts have to go as well
 * (second tier) they go until the prompt is at the share `low`.
 */
export const retentionSchema = z.discriminatedUnion('policy', [
  z.object({ policy: z.literal('recency'), keep: keepSchema, slack: z.number().int().min(0) }).readonly(),
  z.object({ policy: z.literal('watermark'), keep: keepSchema, high: share, low: share }).readonly(),
]);
export type Retention = z.infer<typeof retentionSchema>;

/** What a question may cost beside turns and calls; what is absent has no limit. Tokens as the server counts them. */
export const budgetSchema = z
  .object({
    promptTokens: z.number().int().positive().exactOptional(),
    completionTokens: z.number().int().positive().exactOptional(),
    /** Prompt and completion together. */
    tokens: z.number().int().positive().exactOptional(),
    /** Without the time in which the run waits for a person. */
    minutes: z.number().positive().exactOptional(),
  })
  .readonly();
export type Budget = z.infer<typeof budgetSchema>;

export const networkSchema = z.enum(['off', 'allowlist', 'on']);
export type Network = z.infer<typeof networkSchema>;

export const workspaceAccessSchema = z.enum(['read-write', 'read-only', 'overlay']);
export type WorkspaceAccess = z.infer<typeof workspaceAccessSchema>;

export const runSettingsSchema = z
  .object({
    /** The model server's window, in tokens. */
    contextWindow: z.number().int().positive(),
    /** At most this many tokens in one reply. */
    maxTokens: z.number().int().positive(),
    /** Of one attempt. */
    maxTurns: z.number().int().positive(),
    /** Of one question, all its attempts together. */
    maxCalls: z.number().int().positive(),
    retention: retentionSchema,
    /** Fresh starts for one question after a failure report; 1 turns them off (agent-protocol: final answer). */
    attempts: z.number().int().positive(),
    budget: budgetSchema,
    /** The sampling seed. */
    seed: z.number().int().exactOptional(),
    approval: approvalPolicySchema,
    envelope: envelopeSchema,
    /** What commands reach: nothing, `domains` through our proxy, or all that this machine does. */
    network: networkSchema,
    /** `example.org` and what lies below it, or `=example.org` alone; with a port, `example.org:8080`. */
    domains: z.array(z.string().min(1)).readonly(),
    /** What commands and file tools may do in the workspace; `overlay` keeps what commands write apart from it. */
    workspace: workspaceAccessSchema,
    /** `full`: a readable answer with sources, then the box. `short`: the box only. */
    answer: z.enum(['full', 'short']),
    /** Whether the model may hand a subtask to a nested run. */
    subAgents: z.boolean(),
    web: webSettingsSchema,
    /** Whether an ambiguous question is asked back about first. */
    clarify: z.boolean(),
    /** Whether a plan of sub-questions is made, shown and ticked. */
    plan: z.boolean(),
  })
  .readonly();
export type RunSettings = z.infer<typeof runSettingsSchema>;
