/** The shell that the sandbox tools want; `sandbox/` happens to fit it, and the top of the house joins them. */

/** What one command came to. `output` has no escape sequences and no overwritten progress left in it. */
export interface CommandResult {
  readonly output: string;
  /** Null when a signal or the time-out ended it. */
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** Bytes of output that were not kept (a flood's middle). */
  readonly omittedBytes: number;
}

/** What one piece of Python came to; the streams are apart. */
export interface PythonResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 0, or 1 when the code raised; null when the interpreter ended. */
  readonly exitCode: number | null;
  /** The traceback or the reason, when something went wrong. */
  readonly error?: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
  readonly omittedBytes: number;
}

/** Whether processes can be confined here, and what to do when not. */
export type Confinement =
  | { readonly kind: 'works' }
  | { readonly kind: 'missing' | 'blocked' | 'unsupported'; readonly message: string; readonly remedy: string };

export interface Shell {
  /** Found out once, by running it. */
  readonly confinement: () => Confinement;
  /** Makes a sandbox and gives its id; its processes end after `timeoutMs` without use. */
  readonly create: (timeoutMs: number) => Promise<string>;
  /** Throws ToolError on an unknown id or when it would run unconfined without `unconfined`. */
  readonly runCommand: (
    request: { readonly command: string; readonly sandboxId?: string; readonly callId: string; readonly unconfined: boolean },
    signal: AbortSignal,
  ) => Promise<CommandResult>;
  /** The same for Python. Without a sandbox id the code runs in an interpreter of its own. */
  readonly runPython: (
    request: { readonly code: string; readonly sandboxId?: string; readonly callId: string; readonly unconfined: boolean },
    signal: AbortSignal,
  ) => Promise<PythonResult>;
}
