/** What a run's terminal shows and takes, whatever draws it. */
import { LiveOutput } from './liveOutput.ts';
import { TerminalFilter, typedOnly } from './terminalFilter.ts';
import { endLine, promptLines, waitingLine, type EndOutcome } from './terminalLines.ts';

/** What happens in a shell; see the sandbox's events. */
export type ScreenEvent =
  | {
      readonly type: 'call.started';
      readonly callId: string;
      readonly kind: 'command' | 'python';
      readonly text: string;
      readonly unconfined: boolean;
    }
  | { readonly type: 'call.output'; readonly callId: string; readonly data: string }
  | { readonly type: 'call.waiting'; readonly callId: string; readonly waiting: boolean }
  | {
      readonly type: 'call.ended';
      readonly callId: string;
      readonly outcome: EndOutcome;
      readonly exitCode: number | null;
      readonly durationMs: number;
    };

/** The shell's side that people see. */
export interface WatchedShell {
  readonly subscribe: (listener: (event: ScreenEvent) => void) => () => void;
  readonly write: (data: string) => void;
  readonly resize: (columns: number, rows: number) => void;
}

/** Columns that a program sees at least: what the model reads does not depend on how wide a window is. */
const minColumns = 200;

/** Characters that are kept for a terminal that is not open yet. */
const maxBacklogChars = 100_000;

/** The screen of one run. Closing it ends nothing but the showing. */
export class RunScreen {
  readonly #output: LiveOutput;
  readonly #filter = new TerminalFilter();
  /** Calls under way. */
  readonly #running = new Set<string>();
  #shell: WatchedShell | undefined;
  #write: ((text: string) => void) | undefined;
  #backlog = '';
  #atLineStart = true;
  #size: { readonly columns: number; readonly rows: number } | undefined;

  constructor() {
    this.#output = new LiveOutput((text) => this.#show(this.#filter.push(text)));
  }

  /** Shows one event. */
  readonly show = (event: ScreenEvent): void => {
    switch (event.type) {
      case 'call.started':
        this.#running.add(event.callId);
        this.#show(promptLines(event.kind, event.text, event.unconfined));
        return;
      case 'call.output':
        this.#output.push(event.data);
        return;
      case 'call.waiting':
        this.#output.end();
        if (event.waiting) this.#show(waitingLine(this.#atLineStart));
        return;
      case 'call.ended':
        this.#output.end();
        this.#filter.reset();
        this.#running.delete(event.callId);
        this.#show(endLine(event.outcome, event.exitCode, event.durationMs, this.#atLineStart));
        return;
    }
  };

  /** The shell that typing goes to; undefined when its run is over. */
  attach(shell: WatchedShell | undefined): void {
    this.#shell = shell;
    if (this.#size) shell?.resize(this.#size.columns, this.#size.rows);
  }

  /** From now on text goes there, first what came before. */
  open(write: (text: string) => void): void {
    this.#write = write;
    if (this.#backlog) write(this.#backlog);
    this.#backlog = '';
  }

  close(): void {
    this.#output.end();
    this.#write = () => undefined;
    this.#shell = undefined;
  }

  /** What is typed while nothing runs was meant for nothing: a later command must not get it. */
  type(data: string): void {
    const typed = this.#running.size > 0 ? typedOnly(data) : '';
    if (typed !== '') this.#shell?.write(typed);
  }

  /** Gives back the columns that are drawn, which may be more than fit. */
  resize(columns: number, rows: number): number {
    const drawn = Math.max(minColumns, columns);
    this.#size = { columns: drawn, rows };
    this.#shell?.resize(drawn, rows);
    return drawn;
  }

  #show(text: string): void {
    if (text === '') return;
    this.#atLineStart = text.endsWith('\n');
    if (this.#write) this.#write(text);
    else this.#backlog = (this.#backlog + text).slice(-maxBacklogChars);
  }
}
