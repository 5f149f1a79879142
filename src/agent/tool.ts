/** What a tool is: a plain object with a schema and a function. */
import { z } from 'zod';
import type { ToolSchema, Usage } from '../shared/events.ts';
import type { Evidence } from '../shared/evidence.ts';
import type { BlobRef } from '../shared/refs.ts';
import { ToolError } from './errors.ts';
import type { Tick } from './ticks.ts';

/** What a call can do to the world; decides whether it asks first. */
export type Effect = 'read' | 'write' | 'execute';

/** What a tool gets beside its arguments. */
export interface ToolContext {
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly callId: string;
  /** Whether a person allowed this very call to run without confinement. */
  readonly unconfined: boolean;
  /** A place for output that is too long for one text: it is stored while it comes. */
  readonly openOutput: () => Promise<OutputSink>;
}

/** Text that is stored while it comes, its first and last bytes where it is too long. */
export interface OutputSink {
  /** Resolves when there is room for more; text is taken in any case. */
  readonly push: (text: string) => Promise<void> | undefined;
  /** What was kept; undefined when it was empty. Call it, or `drop`, once. */
  readonly end: () => Promise<KeptOutput | undefined>;
  readonly drop: () => Promise<void>;
}

export interface KeptOutput {
  readonly blob: BlobRef;
  /** Bytes of the middle that are not in it. */
  readonly omittedBytes: number;
}

/** What a tool gives back; the loop truncates `content` for the model and keeps the rest as a blob. */
export interface ToolOutput {
  readonly content: string;
  /** `failed` for a result that the model should read as an error (a command's exit code is not one by itself). */
  readonly outcome?: 'ok' | 'failed';
  readonly exitCode?: number;
  /** Whether the tool itself already left something out of `content`. */
  readonly truncated?: boolean;
  /** Why this is no result to go on from, a search that found nothing say: the turn is rolled back (agent-protocol: rollbacks). */
  readonly rollback?: string;
  /** The whole output, where `content` has only a part of it: nothing else is stored then. */
  readonly output?: KeptOutput;
  readonly images?: readonly Picture[];
  /** Absolute paths that the call wrote, where it knows them; absent: unknown for what is no reading call. */
  readonly touched?: readonly string[];
  /** The nested run that did the call, and what it spent. */
  readonly runId?: string;
  /** Tokens that other models spent on the call. */
  readonly usage?: Usage;
  /** What it brought evidence of. */
  readonly sources?: readonly FoundSource[];
  /** An item of the plan that it settles, or opens again. */
  readonly ticked?: Tick;
}

/** A source as a tool gives it: the loop stores `text`, what was read of it, beside the log. */
export interface FoundSource extends Omit<Evidence, 'text'> {
  readonly text?: string;
}

/** A picture that a call brought; `path` is where it stands in the sandbox. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly path: string;
}

/** A tool that the model may call. */
export interface Tool extends ToolSchema {
  readonly effect: Effect;
  /** Characters that the model is shown, and the literal that marks the cut (agent-protocol: result truncation). */
  readonly limit: OutputLimit;
  /**
   * Why these arguments ask for a person's word although the policy would not (undefined: no reason). Unconfined
   * execution says so here.
   */
  readonly unconfined?: () => string | undefined;
  /** Why a call asks first, where its effect does not say enough. */
  readonly asks?: string;
  /** Whether somebody else's server does it, outside the sandbox: its name alone then allows nothing. */
  readonly foreign?: true;
  /**
   * Why these very arguments need a person's word, whatever rules and policy allow (undefined: no reason): they may carry
   * out what the run has read.
   */
  readonly worry?: (args: Readonly<Record<string, unknown>>) => string | undefined;
  /**
   * What a call asks for, where asking it twice is a slip (a search, a page, a subtask); undefined where the arguments hold
   * none. Compared in normal form (agent-protocol: rollbacks).
   */
  readonly query?: (args: Readonly<Record<string, unknown>>) => string | undefined;
  /** What is wrong with which argument, in words for the model; undefined when the arguments fit. */
  readonly check?: (args: unknown) => string | undefined;
  /** Runs one call. Throws ToolError with a message for the model; arguments are checked against the schema first. */
  readonly run: (args: unknown, context: ToolContext) => Promise<ToolOutput>;
}

export interface OutputLimit {
  readonly maxChars: number;
  readonly mark: string;
}

/** The limit of every observation. */
export const observationLimit: OutputLimit = { maxChars: 100_000, mark: '\n... [Result truncated]' };
/** The limit of the sandbox tools' output. */
export const sandboxLimit: OutputLimit = { maxChars: 20_000, mark: ' [Result truncated due to length limit]' };
/** Characters of a call's output up to which it is shown as it is: the rest of the limit is for what is said beside it. */
export const shownOutputChars = 18_000;

/** A tool from a zod schema: the JSON schema for the model and the check of the arguments come from the same place. */
export function defineTool<S extends z.ZodObject>(definition: {
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly input: S;
  readonly effect: Effect;
  readonly limit?: OutputLimit;
  readonly unconfined?: () => string | undefined;
  readonly asks?: string;
  readonly worry?: (args: Readonly<Record<string, unknown>>) => string | undefined;
  readonly query?: (args: Readonly<Record<string, unknown>>) => string | undefined;
  readonly run: (args: z.infer<S>, context: ToolContext) => Promise<ToolOutput>;
}): Tool {
  const { server, name, description, input, effect, limit = observationLimit } = definition;
  const { unconfined, asks, worry, query, run } = definition;
  const { $schema: _schema, ...inputSchema } = z.toJSONSchema(input, { io: 'input' });
  return {
    server,
    name,
    description,
    inputSchema,
    effect,
    limit,
    ...(unconfined && { unconfined }),
    ...(asks !== undefined && { asks }),
    ...(worry && { worry }),
    ...(query && { query }),
    check: (args) => {
      const { error } = input.safeParse(args);
      return error?.issues.map((issue) => issueWords(issue, args)).join('; ');
    },
    run: async (args, context) => {
      const parsed = input.safeParse(args);
      if (!parsed.success) throw new ToolError(`Invalid arguments for ${name}: ${z.prettifyError(parsed.error)}`);
      return run(parsed.data, context);
    },
  };
}

/** `argument "limit": expected number, received string`; what is missing is said to be. */
function issueWords({ path, message }: z.core.$ZodIssue, args: unknown): string {
  const words = message.replace(/^Invalid input: /, '');
  if (path.length === 0) return words;
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const name = `argument "${place.replace(/^\./, '')}"`;
  const value = path.reduce<unknown>((outer, key) => {
    return typeof outer === 'object' && outer !== null ? Reflect.get(outer, key) : undefined;
  }, args);
  if (value !== undefined) return `${name}: ${words}`;
  return `${name} is missing (${words.replace(/, received undefined$/, '')})`;
}
