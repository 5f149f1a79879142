/** The runs of this window: any number goes on here; one is shown, live or from its log. */
import { join } from 'node:path';
import type { Decision } from '../agent/ports.ts';
import { Interruption, UserError } from '../agent/errors.ts';
import { checkedQuestion } from '../agent/start.ts';
import type { RestoreWish } from '../runs/keeping.ts';
import type { AskedQuestion, LiveRun } from '../runs/liveRun.ts';
import { answerRun, followUp, resumeRun, type GoOnChoice } from '../runs/resumeRun.ts';
import { startRollouts } from '../runs/rollouts.ts';
import { forkRun, startRun } from '../runs/startRun.ts';
import type { RunChoice } from '../runs/choice.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import { foldAll, withoutWriter, type Trajectory } from '../shared/trajectory.ts';
import { liveHolder } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { followRun } from './followRun.ts';
import { LiveRuns } from './liveRuns.ts';
import type { ReplyPreview } from './replyPreview.ts';
import type { SessionListener } from './sessionListener.ts';
import type { ShownRun } from './shownRun.ts';
import { Starts } from './starts.ts';

/** Owns the live runs and the followed log; disposing it interrupts them all. */
export class Session {
  readonly #runs: LiveRuns;
  readonly #starts = new Starts();
  #shown: ShownRun | undefined;
  #follower: { dispose: () => void } | undefined;
  readonly #listeners = new Set<SessionListener>();
  readonly #closing = new AbortController();
  readonly #surroundings: () => Promise<RunSurroundings>;

  /** `surroundings` is given the signal that its runs live on. */
  constructor(surroundings: (signal: AbortSignal) => Promise<RunSurroundings>) {
    this.#surroundings = () => surroundings(this.#closing.signal);
    this.#runs = new LiveRuns({
      onEvent: (run, event, trajectory) => {
        this.#tell((listener) => listener.onLiveEvent?.(event, trajectory));
        if (this.#shown?.runId === run.runId) this.#tell((listener) => listener.onEvents?.());
      },
      onPreview: (run) => {
        this.#tell((listener) => listener.onLivePreview?.(run));
        if (this.#shown?.runId === run.runId) this.#tell((listener) => listener.onPreview?.());
      },
      onDone: (run, broken) => {
        if (this.#shown?.runId === run.runId) this.#show({ ...this.#shown, live: false });
        this.#tell((listener) => listener.onEnded?.(run));
        if (broken) this.#tell((listener) => listener.onBroken?.(broken.error));
      },
    });
  }

  /** The runs that go on in this window, the oldest first. */
  get live(): readonly LiveRun[] {
    return this.#runs.going;
  }

  /** The run of that id, where it goes on in this window. */
  find(runId: string | undefined): LiveRun | undefined {
    return this.#runs.find(runId);
  }

  /** The shown run, where it goes on in this window. */
  get shownLive(): LiveRun | undefined {
    return this.#runs.find(this.#shown?.runId);
  }

  /** What came of the reply that the shown run gets now. */
  get preview(): ReplyPreview | undefined {
    return this.#shown && this.previewOf(this.#shown.runId);
  }

  /** What came of the reply that a run of this window gets now. */
  previewOf(runId: string): ReplyPreview | undefined {
    return this.#runs.preview(runId);
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

  /** Throws UserError while the shown run goes on: another question starts beside it only on purpose. */
  requireFree(): void {
    if (!this.shownLive) return;
    const how = 'Queue the question behind it, or press "New question" to let it go on by itself';
    throw new UserError(`The run that is shown is still going. ${how}.`);
  }

  /** Starts a run and shows it. Throws UserError while the shown one goes on. */
  async ask(question: AskedQuestion, choice: RunChoice): Promise<void> {
    this.requireFree();
    await this.#begin('', `ask ${question.text}`, (around) => startRun(question, choice, around));
  }

  /** Asks the same several times at once and shows the first run. Resolves when all have begun. */
  async askSeveral(question: AskedQuestion, count: number, choice: RunChoice): Promise<void> {
    await this.#starts.once('rollouts', `${count} ${question.text}`, async () => {
      const onStarted = (run: LiveRun) => this.#adopt(run);
      const { runs, done } = await startRollouts(question, choice, count, await this.#surroundings(), { onStarted });
      if (runs[0]) this.#showLive(runs[0]);
      done.then(
        (result) => {
          if (!this.#closing.signal.aborted) this.#tell((listener) => listener.onRollouts?.(result));
        },
        (error: unknown) => this.#broken(error),
      );
    });
  }

  /** Asks on in a run; while it goes on, the question waits for its end. */
  async followUp(runId: string, question: AskedQuestion, choice: GoOnChoice): Promise<void> {
    const text = checkedQuestion(question.text);
    const run = this.#runs.find(runId);
    if (!run) {
      await this.#begin(runId, `ask ${text}`, (around) => followUp(runId, question, choice, around));
      return;
    }
    const asked = { ...question, text };
    run.queue(asked);
    void this.#askIfLeft(run, asked, choice);
  }

  /** Goes on with a run; one that goes on here already is shown. */
  async resume(runId: string, choice: GoOnChoice): Promise<void> {
    const run = this.#runs.find(runId);
    if (run) this.#showLive(run);
    else await this.#begin(runId, 'resume', (around) => resumeRun(runId, choice, around));
  }

  /** Wants the answer now: of a run under way, or of one that stopped without one. */
  async answerNow(runId: string, choice: GoOnChoice): Promise<void> {
    const run = this.#runs.find(runId);
    if (!run) {
      await this.#begin(runId, 'answer', (around) => answerRun(runId, choice, around));
      return;
    }
    run.answerNow();
    this.#tell((listener) => listener.onRun?.());
  }

  /** Starts a fork from behind a turn (0: from the question), with these files put back, and shows it. */
  async fork(
    parent: { readonly runId: string; readonly turn: number },
    note: string | undefined,
    choice: GoOnChoice,
    files?: RestoreWish,
  ): Promise<void> {
    const change = { choice, ...(note !== undefined && { note }), ...(files && { files }) };
    await this.#begin(`fork of ${parent.runId}`, `${parent.turn} ${note ?? ''}`, (around) =>
      forkRun(parent, change, around),
    );
  }

  /** Gives the model of a run under way a word. Throws UserError when the run has ended. */
  note(runId: string, text: string): void {
    if (!text.trim()) throw new UserError('The note is empty.');
    const run = this.#runs.find(runId);
    if (!run) throw new UserError('The run has ended, so it takes no note. Ask a follow-up question.');
    run.note(text.trim());
  }

  /** Pauses a run under way before its next step. */
  pause(runId: string): void {
    this.#runs.find(runId)?.pause();
    this.#tell((listener) => listener.onRun?.());
  }

  /** Lets a paused run go on. */
  goOn(runId: string): void {
    this.#runs.find(runId)?.goOn();
    this.#tell((listener) => listener.onRun?.());
  }

  stop(runId: string): void {
    this.#runs.held(runId)?.stop();
  }

  /** Answers a call that waits for approval; false when it does not wait. */
  decide(runId: string, callId: string, decision: Decision): boolean {
    return this.#runs.find(runId)?.decide(callId, decision) ?? false;
  }

  /** Shows a run from its log, or a live one. Throws UserError when it cannot be read. */
  async open(runId: string): Promise<void> {
    const run = this.#runs.held(runId);
    if (run) {
      this.#showLive(run);
      return;
    }
    const { runsFolder } = await this.#surroundings();
    const folder = join(runsFolder, runId);
    const read = await readLog(folder);
    const holder = await liveHolder(folder);
    const events = [...read.events];
    const readOnly =
      holder?.pid === process.pid
        ? 'It works on a part of another run. Here it can be read.'
        : 'It runs in another window or command. Here it can be read.';
    this.#show({
      runId,
      folder,
      events,
      live: holder !== undefined,
      ...(holder && { readOnly }),
      ...(read.damage !== undefined && !holder && { recovered: read.damage }),
    });
    if (!holder) return;
    const onEvents = (more: readonly TrajectoryEvent[]) => {
      events.push(...more);
      this.#tell((listener) => listener.onEvents?.());
    };
    const reopen = () => void this.open(runId).catch((error: unknown) => this.#broken(error));
    this.#follower = followRun(folder, { count: events.length, end: read.end }, onEvents, reopen);
  }

  /** Waits until a run of this window that has ended has closed its log. */
  async released(runId: string): Promise<void> {
    await this.#runs.released(runId);
  }

  /** Shows no run: the box asks a new question. What goes on goes on. */
  close(): void {
    this.#show(undefined);
  }

  /** Interrupts the runs, which can be resumed, and waits until their logs are closed. */
  async dispose(): Promise<void> {
    this.#follower?.dispose();
    this.#closing.abort(new Interruption());
    await this.#runs.closed();
    this.#listeners.clear();
  }

  /**
   * Lets what `start` gives live in this window, and shows it. `name`: what is started, or the run that goes on; `what`: all
   * that a person says of it.
   */
  async #begin(name: string, what: string, start: (around: RunSurroundings) => Promise<LiveRun>): Promise<void> {
    await this.#starts.once(name, what, async () => {
      await this.#runs.released(name);
      const run = await start(await this.#surroundings());
      this.#adopt(run);
      this.#showLive(run);
    });
  }

  #adopt(run: LiveRun): void {
    this.#runs.add(run);
    this.#tell((listener) => listener.onStarted?.(run));
  }

  /** A question that was queued while the run was ending is asked on in it. */
  async #askIfLeft(run: LiveRun, question: AskedQuestion, choice: GoOnChoice): Promise<void> {
    const end = await run.done.catch(() => undefined);
    const { state, queue = [] } = end ?? {};
    if (state?.kind !== 'ended' || (state.reason !== 'answered' && state.reason !== 'limit')) return;
    if (!queue.some((next) => next.question === question.text)) return;
    await this.followUp(run.runId, question, choice).catch((error: unknown) => this.#broken(error));
  }

  #broken(error: unknown): void {
    this.#tell((listener) => listener.onBroken?.(error));
  }

  #showLive(run: LiveRun): void {
    const { runId, folder } = run;
    this.#show({ runId, folder, events: run.events(), live: this.#runs.held(runId) !== undefined });
  }

  #show(run: ShownRun | undefined): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    this.#shown = run;
    this.#tell((listener) => listener.onRun?.());
  }

  #tell(what: (listener: SessionListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }
}
