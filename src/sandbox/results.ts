/** What the sandbox gives back and tells while it works. */
import type { Storage } from './wholeOutput.ts';
import type { PythonPicture } from './replyChannel.ts';

/** Whether processes can be confined here; `message` says why not, `remedy` what to do. */
export type Confinement =
  | {
      readonly kind: 'works';
      readonly by: 'bubblewrap' | 'seatbelt';
      /** The program that confines. */
      readonly program: string;
      /** Such as 0.8.0; empty where it does not say. */
      readonly version: string;
      /** Whether system calls are filtered. */
      readonly filtered: boolean;
    }
  | { readonly kind: 'missing' | 'blocked' | 'unsupported'; readonly message: string; readonly remedy: string };

/** One command's end. `output` has no escape sequences and no overwritten progress left in it. */
export interface CommandResult extends Storage {
  /** Its beginning and its end, where it is long. */
  readonly output: string;
  readonly outputLines: number;
  readonly outputBytes: number;
  /** Null when we ended it. 128 + n when signal n did. */
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
  /** What the model should know beside: protected paths that were moved away. */
  readonly notes: readonly string[];
}

/** The end of one piece of Python. */
export interface PythonResult extends Storage {
  readonly stdout: string;
  readonly stderr: string;
  /** Of the whole streams, of which long ones are shown in part. */
  readonly sizes: Readonly<Record<'stdout' | 'stderr', { readonly lines: number; readonly bytes: number }>>;
  /** What threads and processes of earlier calls wrote since those ended. */
  readonly earlier?: string;
  /** What the code exited with: 0, 1 when it raised; null when the time-out ended it. */
  readonly exitCode: number | null;
  /** The traceback or the reason, when something went wrong. */
  readonly error?: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
  readonly omittedBytes: number;
  readonly notes: readonly string[];
  readonly pictures: readonly PythonPicture[];
}

/** What a watcher of a shell is told, in the order in which it happens. `data` is raw: escape sequences and all. */
export type ShellEvent =
  | {
      readonly type: 'call.started';
      readonly callId: string;
      readonly kind: 'command' | 'python';
      readonly text: string;
      readonly unconfined: boolean;
    }
  | { readonly type: 'call.output'; readonly callId: string; readonly data: string }
  /** It waits for what a person types, or does so no more. */
  | { readonly type: 'call.waiting'; readonly callId: string; readonly waiting: boolean }
  | {
      readonly type: 'call.ended';
      readonly callId: string;
      /** `unanswered`: it waited for input in vain. `failed`: nothing could be run. */
      readonly outcome: 'exited' | 'timedOut' | 'stopped' | 'unanswered' | 'failed';
      readonly exitCode: number | null;
      readonly durationMs: number;
    };
