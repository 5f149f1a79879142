/** What surrounds a run: the machine, the person and the process that it lives in. */
import type { ApprovalRequest, Clarification, Decision } from '../agent/ports.ts';
import type { Limits } from '../sandbox/limits.ts';
import type { CallRequest } from '../shared/events.ts';
import type { SearchProviderName } from '../shared/webSettings.ts';
import type { Documents } from '../tools/documents.ts';
import type { McpSurroundings } from './mcpSurroundings.ts';

/** An OpenAI-compatible server and the model to ask there; an empty address: the run's own server. */
export interface HelperEndpoint {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string | undefined;
}

/** What finding things out needs of the person and the machine. */
export interface WebSurroundings {
  readonly searchKeys: Readonly<Partial<Record<SearchProviderName, string>>>;
  /** Where pages that were read are kept, shared by runs; absent: nowhere. */
  readonly cache: { readonly folder: string; readonly maxBytes: number; readonly maxAgeMs: number } | undefined;
  /** The Chrome or Chromium that renders; absent: the one that is found. */
  readonly browserPath: string | undefined;
  /** The key of the extraction model's server (the setting says which that is). */
  readonly extractionKey: string | undefined;
  /** Describes pictures, writes down speech. */
  readonly vision: HelperEndpoint | undefined;
  readonly speech: HelperEndpoint | undefined;
}

/** Nothing but what a run's settings say. */
export const plainWeb: WebSurroundings = {
  searchKeys: {},
  cache: undefined,
  browserPath: undefined,
  extractionKey: undefined,
  vision: undefined,
  speech: undefined,
};

/** The same for every run of a window or a command. */
export interface RunSurroundings {
  readonly roots: readonly { readonly name: string; readonly path: string }[];
  /** The folder that holds the runs. */
  readonly runsFolder: string;
  readonly apiKey: string | undefined;
  /** Aborts every run: the window closes, or the command is interrupted. */
  readonly signal: AbortSignal;
  /** How long a server that went away is waited for, in ms. */
  readonly serverWaitMs: number;
  readonly sandbox: {
    readonly readOnlyPaths: readonly string[];
    readonly python: string | undefined;
    /** Whether a person can type into a command that waits for input. */
    readonly typing: boolean;
    readonly limits: Limits;
    /** Time that a call may take where neither it nor its sandbox says, in ms. */
    readonly timeoutMs: number;
    /** How long a command may wait for input that nobody types, in ms. */
    readonly inputWaitMs: number;
  };
  /** What checkpoints hold, in bytes: of one file, and of all that is added in one. Absent: no checkpoints. */
  readonly checkpoints: { readonly maxFileBytes: number; readonly maxBytes: number } | undefined;
  readonly ripgrepPath: string | undefined;
  readonly web: WebSurroundings;
  /** Foreign servers of tools; absent: none. */
  readonly mcp?: McpSurroundings;
  /** The editor's documents; absent where there is no editor. */
  readonly documents?: Documents;
  /** Answers approvals by itself; absent when `decide` of the run is called instead. */
  readonly ask?: (call: CallRequest, request: ApprovalRequest, signal: AbortSignal) => Promise<Decision>;
  /** Answers questions back by itself; absent when `clarify` of the run is called instead. */
  readonly clarify?: Clarification['answer'];
  /** A bug, for a log that developers read. */
  readonly report: (error: unknown) => void;
}
