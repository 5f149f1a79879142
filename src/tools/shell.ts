/** The shell that the sandbox tools want; `sandbox/` happens to fit it, and the top of the house joins them. */
import type { KeptOutput, OutputSink } from '../agent/tool.ts';

/** Where the whole of a long output is. */
export interface Storage {
  readonly kept?: KeptOutput;
  /** Why it could not be stored. */
  readonly notKept?: string;
}

/** What one command came to. `output` has no escape sequences and no overwritten progress left in it. */
export interface CommandResult extends Storage {
  /** Its beginning and its end, where it is long. */
  readonly output: string;
  readonly outputLines: number;
  readonly outputBytes: number;
  /** Null when we ended it; 128 + n when signal n did. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** Whether it was ended since it waited for input that nobody typed. */
  readonly unanswered: boolean;
  /** Whether it read its terminal when its time was up. */
  readonly mayHaveWaited?: boolean;
  /** Time that it was given, in ms. */
  readonly timeoutMs: number;
  /** Bytes of output that are not in `output` (a flood's middle). */
  readonly omittedBytes: number;
  /** What the model should know beside, a sentence each. */
  readonly notes: readonly string[];
}

/** What one piece of Python came to; the streams are apart. */
export interface PythonResult extends Storage {
  readonly stdout: string;
  readonly stderr: string;
  /** Of the whole streams, of which long ones are shown in part. */
  readonly sizes: Readonly<Record<'stdout' | 'stderr', { readonly lines: number; readonly bytes: number }>>;
  /** What threads and processes of earlier calls wrote since those ended. */
  readonly earlier?: string;
  /** 0, 1 when the code raised, what it exited with; null when the time-out ended it. */
  readonly exitCode: number | null;
  /** The traceback or the reason, when something went wrong. */
  readonly error?: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
  readonly omittedBytes: number;
  readonly notes: readonly string[];
  /** PNG files that it made, at the paths that the sandbox knows; without bytes where they are too large or too many. */
  readonly pictures: readonly PythonPicture[];
}

interface PythonPicture {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  readonly bytes?: Uint8Array;
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
  /** Time that this call may take, at most what its sandbox allows. */
  readonly timeoutMs?: number;
  /** Where its output is stored when it is long. */
  readonly openOutput?: () => Promise<OutputSink>;
}

/** A sandbox that lives. */
export interface LivingSandbox {
  readonly id: string;
  readonly busy: boolean;
  /** Since its last call ended. */
  readonly idleMs: number;
}

export interface Shell {
  /** Found out once, by running it. */
  readonly confinement: () => Confinement;
  /** Time that a call may take at most, in ms. */
  readonly timeLimitMs: number;
  /** Sandboxes that live at a time. */
  readonly maxSandboxes: number;
  /** Which Python runs and why, or why none does, a sentence each. */
  readonly python: () => Promise<readonly string[]>;
  /** Oldest first. */
  readonly living: () => readonly LivingSandbox[];
  /**
   * Makes a sandbox and gives its id. Each of its calls may take `timeoutMs`; files and variables live on in it until it was
   * idle for as long. Where there are too many the longest idle one ends; throws ToolError when all are busy.
   */
  readonly create: (timeoutMs: number) => Promise<string>;
  /** Throws ToolError on an unknown id or when it would run unconfined without `unconfined`. */
  readonly runCommand: (
    request: ShellCall & { readonly command: string },
    signal: AbortSignal,
  ) => Promise<CommandResult>;
  readonly runPython: (request: ShellCall & { readonly code: string }, signal: AbortSignal) => Promise<PythonResult>;
}
