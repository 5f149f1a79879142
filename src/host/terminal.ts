/** The integrated terminal of one run. */
import * as vscode from 'vscode';
import { RunScreen, type ScreenEvent, type WatchedShell } from './runScreen.ts';

/** A terminal named after its run, made without taking the focus. Closing or disposing it does not end the run. */
export class RunTerminal {
  readonly #screen = new RunScreen();
  readonly #written = new vscode.EventEmitter<string>();
  readonly #dimensions = new vscode.EventEmitter<vscode.TerminalDimensions | undefined>();
  readonly #terminal: vscode.Terminal;

  constructor(runId: string) {
    const resize = ({ columns, rows }: vscode.TerminalDimensions) => {
      // Drawn as wide as programs think it is: what doesn't fit is reached by scrolling, and progress bars stay whole.
      this.#dimensions.fire({ columns: this.#screen.resize(columns, rows), rows });
    };
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.#written.event,
      onDidOverrideDimensions: this.#dimensions.event,
      open: (dimensions) => {
        this.#screen.open((text) => this.#written.fire(text));
        if (dimensions) resize(dimensions);
      },
      close: () => this.#screen.close(),
      handleInput: (data) => this.#screen.type(data),
      setDimensions: resize,
    };
    const iconPath = new vscode.ThemeIcon('beaker');
    this.#terminal = vscode.window.createTerminal({ name: `MiroThinker ${runId}`, pty, iconPath, isTransient: true });
  }

  /** Brings it to the front of the panel; the focus stays where it is. */
  reveal(): void {
    this.#terminal.show(true);
  }

  /** Typing goes to this shell from now on; undefined when the run is over. */
  attach(shell: WatchedShell | undefined): void {
    this.#screen.attach(shell);
  }

  show(event: ScreenEvent): void {
    this.#screen.show(event);
  }

  dispose(): void {
    this.#screen.close();
    this.#terminal.dispose();
    this.#written.dispose();
    this.#dimensions.dispose();
  }
}
