/** The runs that go on in this window, in the order in which they began. */
import type { LiveRun } from '../runs/liveRun.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { grown, type ReplyPreview } from './replyPreview.ts';

/** Who is told what the runs do. */
export interface LiveRunsListener {
  readonly onEvent: (run: LiveRun, event: TrajectoryEvent, trajectory: Trajectory) => void;
  readonly onPreview: (run: LiveRun) => void;
  /** Its log is closed; an error when the log could not be written. */
  readonly onDone: (run: LiveRun, error?: { readonly error: unknown }) => void;
}

const besideReplies: ReadonlySet<string> = new Set([
  'note.added',
  'question.queued',
  'checkpoint.made',
  'checkpoint.failed',
  'plan.set',
  'plan.ticked',
]);

/** Holds each run until its log is closed. */
export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();
  /** Those that have done nothing yet: what a resumed run was before does not count. */
  readonly #fresh = new Set<string>();
  readonly #previews = new Map<string, ReplyPreview>();
  readonly #listener: LiveRunsListener;

  constructor(listener: LiveRunsListener) {
    this.#listener = listener;
  }

  /** Those that have not ended. */
  get going(): readonly LiveRun[] {
    return [...this.#runs.values()].filter((run) => this.#isGoing(run));
  }

  /** The run of that id, while it has not ended. */
  find(runId: string | undefined): LiveRun | undefined {
    const run = runId === undefined ? undefined : this.#runs.get(runId);
    return run && this.#isGoing(run) ? run : undefined;
  }

  /** The run of that id until its log is closed. */
  held(runId: string): LiveRun | undefined {
    return this.#runs.get(runId);
  }

  /** What came of the reply under way. */
  preview(runId: string): ReplyPreview | undefined {
    return this.#previews.get(runId);
  }

  add(run: LiveRun): void {
    const { runId } = run;
    this.#runs.set(runId, run);
    this.#fresh.add(runId);
    run.subscribe({
      onEvent: (event, trajectory) => {
        this.#fresh.delete(runId);
        // What a person says meanwhile, or what is kept, changes nothing about the reply under way.
        if (!besideReplies.has(event.type)) this.#previews.delete(runId);
        this.#listener.onEvent(run, event, trajectory);
      },
      onPreview: (preview) => {
        const { usage } = run.trajectory();
        const tokens = usage && usage.promptTokens + usage.completionTokens;
        this.#previews.set(runId, grown(this.#previews.get(runId), preview, tokens, Date.now()));
        this.#listener.onPreview(run);
      },
    });
    run.hands.shell.subscribe((event) => {
      if (event.type !== 'call.waiting') return;
      this.#previews.set(runId, { kind: 'input', since: Date.now(), waiting: event.waiting });
      this.#listener.onPreview(run);
    });
    const done = (error?: { readonly error: unknown }) => {
      this.#runs.delete(runId);
      this.#fresh.delete(runId);
      this.#previews.delete(runId);
      this.#listener.onDone(run, error);
    };
    run.done.then(
      () => done(),
      (error: unknown) => done({ error }),
    );
  }

  /** Waits until a run that has ended has closed its log. */
  async released(runId: string): Promise<void> {
    const run = this.#runs.get(runId);
    if (run && !this.#isGoing(run)) await run.done.catch(() => undefined);
  }

  /** Waits until all have closed their logs. */
  async closed(): Promise<void> {
    await Promise.allSettled([...this.#runs.values()].map((run) => run.done));
  }

  #isGoing({ runId, trajectory }: LiveRun): boolean {
    return this.#fresh.has(runId) || trajectory().state.kind !== 'ended';
  }
}
