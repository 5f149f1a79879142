/** What a run's MCP servers need of the person and the machine. */
import type { InputDefinition, ServerDefinition } from '../tools/mcp/definition.ts';
import type { Fingerprint } from '../tools/mcp/fingerprint.ts';
import type { Tool } from '../agent/tool.ts';

/** A configuration: a file, or what a setting holds. */
export interface McpSource {
  /** Tells it from every other; trust belongs to it. */
  readonly id: string;
  /** As a person is told of it. */
  readonly label: string;
  /** What `${workspaceFolder}` is there, and where its programs run. */
  readonly folder: string;
  /** A file that need not be there is passed over. */
  readonly from:
    | { readonly kind: 'file'; readonly path: string; readonly optional: boolean }
    | { readonly kind: 'value'; readonly value: unknown };
}

/** What a person decided of a server as it was then. */
export interface TrustRecord extends Fingerprint {
  readonly trusted: boolean;
}

/** What a person is asked of a server. */
export interface TrustQuestion {
  readonly name: string;
  /** Where it is configured. */
  readonly label: string;
  readonly definition: ServerDefinition;
  readonly cwd: string;
  /** What is not as it was when it was trusted; empty: it is new. */
  readonly changes: string;
}

/** Where decisions are kept, outside the workspace, and who is asked. */
export interface McpTrust {
  readonly records: () => Promise<Readonly<Record<string, TrustRecord>>>;
  /** Without a record the decision is forgotten. */
  readonly keep: (key: string, record: TrustRecord | undefined) => Promise<void>;
  /** Absent: nobody can be asked. `later`: it is not trusted now, and asked again another time. */
  readonly ask?: (question: TrustQuestion, signal: AbortSignal) => Promise<'yes' | 'no' | 'later'>;
  /** How a server is trusted, as a sentence. */
  readonly how: (name: string) => string;
}

/** What surrounds the MCP servers of a run. */
export interface McpSurroundings {
  readonly sources: readonly McpSource[];
  readonly trust: McpTrust;
  /** What `${input:id}` stands for; undefined: nobody said it. */
  readonly input: (source: McpSource, input: InputDefinition, server: string) => Promise<string | undefined>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Patterns of `server.tool`: switched off; said by the person to only read. */
  readonly disabledTools: readonly string[];
  readonly readOnlyTools: readonly string[];
  /** How long a server may take until it is there, in ms: then the run begins without it. */
  readonly startMs: number;
  /** Tells the person what is missing, and why. */
  readonly notice: (words: string) => void;
  /** Tools of servers that the editor itself runs, but those of servers of these names. */
  readonly editorTools?: (servers: readonly string[], taken: Set<string>) => readonly Tool[];
}
