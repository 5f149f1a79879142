/** The shell that the sandbox tools want; `sandbox/` happens to fit it, and the top of the house joins them. */

/** What one command came to. `output` has no escape sequences and no overwritten progress left in it. */
export interface CommandResult {
  readonly output: string;
  /** Null when the time-out ended it; 128 + n when signal n did. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** Bytes of output that were not kept (a flood's middle). */
  readonly omittedBytes: number;
  /** What the model should know beside, a sentence each. */
  readonly notes: readonly string[];
}

/** What one piece of Python came to; the streams are apart. */
export interface PythonResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 0, 1 when the code raised, what it exited with; null when the time-out ended it. */
  readonly exitCode: number | null;
  /** The traceback or the reason, when something went wrong. */
  readonly error?: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
  readonly omittedBytes: number;
  readonly notes: readonly string[];
}

/** Whether processes can be confined here, and what to do when not. */
export type Confinement =
  | { readonly kind: 'works' }
  | { readonly kind: 'missing' | 'blocked' | 'unsupported'; readonly message: string; readonly remedy: string };

/** One call. Without a sandbox id it runs in a sandbox of its own. */
interface ShellCall {
  readonly sandboxId?: string;
  readonly callId: string;
  readonly unconfined: boolean;
}

export interface Shell {
  /** Found out once, by running it. */
  readonly confinement: () => Confinement;
  /** Makes a sandbox and gives its id. Each of its calls may take `timeoutMs`; files and variables live on in it. */
  readonly create: (timeoutMs: number) => Promise<string>;
  /** Throws ToolError on an unknown id or when it would run unconfined without `unconfined`. */
  readonly runCommand: (
    request: ShellCall & { readonly command: string },
    signal: AbortSignal,
  ) => Promise<CommandResult>;
  readonly runPython: (request: ShellCall & { readonly code: string }, signal: AbortSignal) => Promise<PythonResult>;
}
