/** The runs of this window: at most one goes on here; any one is shown, live or from its log. */
import { join } from 'node:path';
import type { Decision, Preview } from '../agent/ports.ts';
import { UserError } from '../agent/errors.ts';
import type { AskedQuestion, LiveRun } from '../runs/liveRun.ts';
import { followUp, resumeRun } from '../runs/resumeRun.ts';
import { startRun } from '../runs/startRun.ts';
import type { RunChoice } from '../runs/choice.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import { foldAll, withoutWriter, type Trajectory } from '../shared/trajectory.ts';
import { followLog } from '../store/followLog.ts';
import { liveHolder } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';

/** The run that the panel shows. */
export interface ShownRun {
  readonly runId: string;
  readonly folder: string;
  readonly events: readonly TrajectoryEvent[];
  /** Whether somebody writes it now, here or elsewhere. */
  readonly live: boolean;
  readonly readOnly?: string;
  readonly recovered?: string;
}

/** Who is told of changes. */
export interface SessionListener {
  /** Another run is shown, or its state around the log changed. */
  readonly onRun?: () => void;
  /** The shown run has more facts. */
  readonly onEvents?: () => void;
  readonly onPreview?: (preview: Preview) => void;
  /** The run of this window has one more fact. */
  readonly onLiveEvent?: (event: TrajectoryEvent, trajectory: Trajectory) => void;
  readonly onStarted?: (run: LiveRun) => void;
  readonly onEnded?: (run: LiveRun) => void;
  /** The log could not be written, or worse: the run stopped where it was. */
  readonly onBroken?: (error: unknown) => void;
}


/** Owns the live run and the followed log; disposing it stops both. */
export class Session {
  #live: LiveRun | undefined;
  #starting = false;
  #shown: ShownRun | undefined;
  #follower: { dispose: () => void } | undefined;
  readonly #listeners = new Set<SessionListener>();
  readonly #surroundings: () => Promise<RunSurroundings>;

  constructor(surroundings: () => Promise<RunSurroundings>) {
    this.#surroundings = surroundings;
  }

  get live(): LiveRun | undefined {
    return this.#live;
  }

  /** Whether a run goes on in this window. */
  get busy(): boolean {
    return this.#starting || (this.#live !== undefined && this.#live.trajectory().state.kind !== 'ended');
  }

  get shown(): ShownRun | undefined {
    return this.#shown;
  }

  /** The shown run folded, as a person may see it: without a writer a call left open is lost. */
  get shownTrajectory(): Trajectory | undefined {
    if (!this.#shown) return undefined;
    const trajectory = foldAll(this.#shown.events);
    return this.#shown.live ? trajectory : withoutWriter(trajectory);
  }

  subscribe(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async ask(question: AskedQuestion, choice: RunChoice): Promise<void> {
    await this.#begin((around) => startRun(question, choice, around));
  }

  async followUp(runId: string, question: AskedQuestion, choice: RunChoice): Promise<void> {
    await this.#begin((around) => followUp(runId, question, choice, around));
  }

  async resume(runId: string, choice: RunChoice): Promise<void> {
    await this.#begin((around) => resumeRun(runId, choice, around));
  }

  stop(): void {
    this.#live?.stop();
  }

  decide(callId: string, decision: Decision): boolean {
    return this.#live?.decide(callId, decision) ?? false;
  }

  /** Shows a run from its log, or the live one. Throws UserError when it cannot be read. */
  async open(runId: string): Promise<void> {
    if (this.#live?.runId === runId) {
      this.#showLive(this.#live);
      return;
    }
    const { runsFolder } = await this.#surroundings();
    const folder = join(runsFolder, runId);
    const read = await readLog(folder);
    const holder = await liveHolder(folder);
    const elsewhere = 'It runs in another window or command. Here it can be read.';
    this.#show({
      runId,
      folder,
      events: read.events,
      live: holder !== undefined,
      ...(holder && { readOnly: elsewhere }),
      ...(read.damage !== undefined && !holder && { recovered: read.damage }),
    });
    if (holder) this.#follow(folder, read);
  }

  /** Shows no run: the box asks a new question. */
  close(): void {
    this.#show(undefined);
  }

  /** Stops the run and waits until its log is closed. */
  async dispose(): Promise<void> {
    this.#follower?.dispose();
    this.#live?.stop();
    await this.#live?.done.catch(() => undefined);
    this.#listeners.clear();
  }

  async #begin(start: (around: RunSurroundings) => Promise<LiveRun>): Promise<void> {
    if (this.busy) {
      throw new UserError('A run is still going in this window. Stop it, or wait for its answer.');
    }
    this.#starting = true;
    try {
      // One that has ended still closes its log.
      await this.#live?.done.catch(() => undefined);
      const run = await start(await this.#surroundings());
      this.#live = run;
      run.subscribe({
        onEvent: (event, trajectory) => this.#onEvent(run, event, trajectory),
        onPreview: (p) => this.#tell((listener) => listener.onPreview?.(p)),
      });
      this.#tell((listener) => listener.onStarted?.(run));
      this.#showLive(run);
      run.done.then(
        () => this.#onDone(run),
        (error: unknown) => {
          this.#onDone(run);
          this.#tell((listener) => listener.onBroken?.(error));
        },
      );
    } finally {
      this.#starting = false;
    }
  }

  #onEvent(run: LiveRun, event: TrajectoryEvent, trajectory: Trajectory): void {
    this.#tell((listener) => listener.onLiveEvent?.(event, trajectory));
    if (this.#shown?.runId === run.runId) this.#tell((listener) => listener.onEvents?.());
  }

  #onDone(run: LiveRun): void {
    this.#live = undefined;
    if (this.#shown?.runId === run.runId) this.#show({ ...this.#shown, live: false });
    this.#tell((listener) => listener.onEnded?.(run));
  }

  #showLive(run: LiveRun): void {
    this.#show({ runId: run.runId, folder: run.folder, events: run.events(), live: true });
  }

  #show(run: ShownRun | undefined): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    this.#shown = run;
    this.#tell((listener) => listener.onRun?.());
  }

  #follow(folder: string, read: { readonly events: readonly TrajectoryEvent[]; readonly end: number }): void {
    const events = [...read.events];
    if (this.#shown) this.#shown = { ...this.#shown, events };
    const log = followLog(folder, { count: events.length, end: read.end }, (more) => {
      events.push(...more);
      this.#tell((listener) => listener.onEvents?.());
    });
    const timer = setInterval(() => {
      void liveHolder(folder).then((holder) => {
        if (holder || this.#shown?.folder !== folder) return;
        const { readOnly: _readOnly, ...rest } = this.#shown;
        this.#show({ ...rest, live: false });
      });
    }, 2_000);
    this.#follower = {
      dispose: () => {
        clearInterval(timer);
        log.dispose();
      },
    };
  }

  #tell(what: (listener: SessionListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }
}
