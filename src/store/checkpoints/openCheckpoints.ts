/**
 * Keeps the workspace's files beside a run. One queue does everything in order: a call that writes has its turn in it, and
 * what it changed is kept at the end of that turn, while the run goes on.
 *
 * Whose changes are whose: a call that knows what it touched gets these files; a command gets whatever is other when its
 * turn ends, so what a person saves meanwhile counts as its doing, unless `keepPersons` came before. Nothing is looked at
 * before a call, which would make it wait. Where the process ended in the middle, what is other when the run is opened again
 * is the doing of the call that wrote last.
 */
import { UserError } from '../../agent/errors.ts';
import type { CheckpointFact, WritingCall } from '../../agent/ports.ts';
import type { FactOf } from '../../shared/events.ts';
import type { CheckpointRef } from '../../shared/refs.ts';
import type { Restoring, RunCheckpoints } from './api.ts';
import { type NamedRoot, keptRoots, rootPrefix } from './checkpointPlace.ts';
import type { KeepLimits } from './classify.ts';
import { failureReason, filesOf } from './facts.ts';
import { gitFolderPath } from './gitFolder.ts';
import { byteName } from './names.ts';
import { openQueue } from './queue.ts';
import { RootKeeper } from './rootKeeper.ts';
import type { Step } from './rootFiles.ts';
import { type CallUnderWay, callUnderWay, clearUnderWay, noteUnderWay } from './underWay.ts';

/** What checkpoints of a run need. */
export interface CheckpointOptions {
  readonly runsFolder: string;
  readonly runId: string;
  readonly roots: readonly NamedRoot[];
  readonly limits: KeepLimits;
  /** The number that the next checkpoint gets. */
  readonly firstNumber: number;
  /** The newest checkpoint in the log, with the call that it belongs to. */
  readonly previous?: { readonly checkpoint: CheckpointRef; readonly turn: number; readonly callId?: string };
  /** A bug, for a log that developers read. */
  readonly report: (error: unknown) => void;
}

/** How long the end of a run waits for what is under way, in ms; the next time that it is open goes on with it. */
const lastMs = 15_000;

type Listener = (fact: CheckpointFact) => Promise<void>;
type MadeHead = Pick<FactOf<'checkpoint.made'>, 'kind' | 'callId' | 'turn' | 'restored' | 'cutOff'>;

/** Begins at once, in the background: with the baseline, or with what changed since the run was left. */
export function openCheckpoints(options: CheckpointOptions): RunCheckpoints {
  const open = new OpenCheckpoints(options);
  return {
    before: (signal, call) => open.before(signal, call),
    after: (call) => open.after(call),
    listen: (onFact) => open.listen(onFact),
    settled: () => open.settled(),
    keepPersons: (paths) => open.keepPersons(paths),
    restore: (restoring, signal) => open.restore(restoring, signal),
    dispose: () => open.dispose(),
  };
}

class OpenCheckpoints {
  readonly #options: CheckpointOptions;
  readonly #queue = openQueue();
  readonly #stop = new AbortController();
  readonly #listeners = new Set<Listener>();
  /** Facts that nobody has listened to yet. */
  readonly #untold: CheckpointFact[] = [];
  #telling: Promise<void> = Promise.resolve();
  #keepers: readonly RootKeeper[] = [];
  /** Why nothing can be kept in this run. */
  #broken: string | undefined;
  /** Why the last attempt failed: the same is told once. Everything is looked at next time. */
  #failed: string | undefined;
  #next: number;
  #turn: number;
  /** Ends the turn of the call that writes. */
  #endTurn: ((call: WritingCall | undefined) => void) | undefined;
  #copying: Promise<void> = Promise.resolve();

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#next = options.firstNumber;
    this.#turn = options.previous?.turn ?? 0;
    void this.#queue.add(() => this.#open()).catch(options.report);
  }

  async before(signal: AbortSignal, writer?: CallUnderWay): Promise<void> {
    signal.throwIfAborted();
    const reached = Promise.withResolvers<undefined>();
    const left = Promise.withResolvers<WritingCall | undefined>();
    const giveUp = () => {
      reached.reject(signal.reason);
      left.resolve(undefined);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const turn = async () => {
      // What came before has to be in the log when the process ends in the middle of the call.
      await this.#telling;
      if (signal.aborted) return;
      if (writer && this.#broken === undefined) await this.#noteWriter(writer);
      signal.removeEventListener('abort', giveUp);
      this.#endTurn = left.resolve;
      reached.resolve(undefined);
      const call = await left.promise;
      if (call) await this.#keepCall(call);
    };
    void this.#queue.add(turn).catch(this.#options.report);
    await reached.promise;
  }

  after(call: WritingCall): void {
    const end = this.#endTurn;
    this.#endTurn = undefined;
    if (end) end(call);
    else void this.#queue.add(() => this.#keepCall(call)).catch(this.#options.report);
  }

  listen(onFact: Listener): () => void {
    this.#listeners.add(onFact);
    for (const fact of this.#untold.splice(0)) this.#tell(fact);
    return () => void this.#listeners.delete(onFact);
  }

  async settled(): Promise<void> {
    if (!this.#endTurn) await this.#queue.idle();
    await this.#telling;
  }

  keepPersons(paths: readonly string[]): void {
    const keep = async () => {
      await this.#attempt(undefined, async () => {
        const steps = await this.#each((keeper) => keeper.keepTouched(paths, false));
        await this.#noteChanges({ kind: 'person', turn: this.#turn }, steps);
      });
    };
    void this.#queue.add(keep).catch(this.#options.report);
  }

  async restore(restoring: Restoring, signal: AbortSignal): Promise<CheckpointFact> {
    const fact = await this.#queue.add(async () => {
      signal.throwIfAborted();
      return this.#restore(restoring);
    });
    await this.#telling;
    return fact;
  }

  async dispose(): Promise<void> {
    this.#endTurn?.(undefined);
    const timer = setTimeout(() => this.#stop.abort(), lastMs);
    try {
      await this.#queue.idle();
      await this.#telling;
      await this.#copying;
    } finally {
      clearTimeout(timer);
    }
  }

  async #open(): Promise<void> {
    const { runsFolder, runId, roots, limits, previous, report } = this.#options;
    const own = previous?.checkpoint.runId === runId ? previous.checkpoint.number : undefined;
    try {
      const opened: { readonly keeper: RootKeeper; readonly step: Step }[] = [];
      for (const [index, { path }] of roots.entries()) {
        const gitFolder = gitFolderPath(runsFolder, runId, index);
        const common = { gitFolder, root: path, runsFolder, limits, signal: this.#stop.signal };
        opened.push(await RootKeeper.open({ ...common, previous: own }));
      }
      this.#keepers = opened.map(({ keeper }) => keeper);
      const writer = await callUnderWay(runsFolder, runId);
      const isFresh = opened.some(({ keeper }) => keeper.fresh);
      const steps = opened.map(({ step }) => step);
      if (isFresh) await this.#note({ kind: 'baseline', turn: this.#turn }, steps);
      else if (writer && writer.callId !== previous?.callId) {
        this.#turn = writer.turn;
        await this.#noteChanges({ kind: 'call', ...writer, cutOff: true }, steps);
      } else await this.#noteChanges({ kind: 'person', turn: this.#turn }, steps);
      this.#clearWriter();
      this.#copying = this.#copy().catch((error: unknown) => {
        // Left for the next time that the run is open: until then it is read where it is.
        if (!this.#stop.signal.aborted) report(error);
      });
    } catch (error) {
      this.#broken = failureReason(error);
      this.#tell({ type: 'checkpoint.failed', reason: this.#broken });
    }
  }

  async #keepCall({ callId, turn, touched }: WritingCall): Promise<void> {
    this.#turn = turn;
    await this.#attempt(callId, async () => {
      const all = touched === undefined || this.#failed !== undefined;
      const steps = await this.#each((keeper) => (all ? keeper.keepAll() : keeper.keepTouched(touched, true)));
      await this.#noteChanges({ kind: 'call', callId, turn }, steps);
      this.#clearWriter();
    });
  }

  async #restore({ to, only, turn }: Restoring): Promise<CheckpointFact> {
    const { runsFolder, roots } = this.#options;
    if (this.#broken !== undefined) throw new UserError(`Files cannot be put back. ${this.#broken}`);
    const targets = await keptRoots(runsFolder, roots, to);
    this.#turn = Math.max(this.#turn, turn);
    const wanted = roots.map((root) => {
      const prefix = rootPrefix(roots, root);
      const mine = only?.filter((path) => path.startsWith(prefix)).map((path) => byteName(path.slice(prefix.length)));
      return mine && new Set(mine);
    });
    const part = async (index: number) => {
      const target = targets[index];
      if (!target) throw new UserError('The checkpoint is not one of these folders.');
      const { alternates } = await target.folder.readPlace();
      return { kept: target.kept, objects: [target.folder.objects, ...alternates] };
    };
    try {
      await this.#each((keeper) => keeper.keepAll());
      const now = await this.#each(async (keeper, index) => keeper.keepReplaced(await part(index), wanted[index]));
      await this.#noteChanges({ kind: 'person', turn: this.#turn }, now);
      const steps = await this.#each(async (keeper, index) => keeper.restore(await part(index), wanted[index]));
      return await this.#note({ kind: 'restore', turn: this.#turn, restored: to }, steps);
    } catch (error) {
      if (error instanceof UserError) throw error;
      // Some may be put back: everything is looked at next time.
      this.#failed = failureReason(error);
      throw new UserError(`Files could not all be put back. ${this.#failed}`, { cause: error });
    }
  }

  /** Does something for each root, in order. */
  async #each(act: (keeper: RootKeeper, index: number) => Promise<Step>): Promise<readonly Step[]> {
    const steps: Step[] = [];
    for (const [index, keeper] of this.#keepers.entries()) steps.push(await act(keeper, index));
    return steps;
  }

  /** What fails is a fact; the run goes on. */
  async #attempt(callId: string | undefined, act: () => Promise<void>): Promise<void> {
    if (this.#broken !== undefined) return;
    try {
      await act();
      this.#failed = undefined;
    } catch (error) {
      for (const keeper of this.#keepers) await keeper.tidy().catch(this.#options.report);
      const reason = failureReason(error);
      const isNew = reason !== this.#failed;
      this.#failed = reason;
      if (isNew) this.#tell({ type: 'checkpoint.failed', reason, ...(callId !== undefined && { callId }) });
    }
  }

  /** A checkpoint where something changed, or where something of a call could not be kept. */
  async #noteChanges(head: MadeHead, steps: readonly Step[]): Promise<void> {
    if (steps.some(({ changes, skipped }) => changes.length + skipped.length > 0)) await this.#note(head, steps);
  }

  async #note(head: MadeHead, steps: readonly Step[]): Promise<CheckpointFact> {
    const { roots, runId } = this.#options;
    const number = this.#next++;
    for (const keeper of this.#keepers) await keeper.note(number);
    const prefixed = roots.flatMap((root, index) => {
      const step = steps[index];
      return step ? [{ prefix: rootPrefix(roots, root), step }] : [];
    });
    const fact = { type: 'checkpoint.made', checkpoint: { runId, number }, ...head, ...filesOf(prefixed) } as const;
    this.#tell(fact);
    return fact;
  }

  #tell(fact: CheckpointFact): void {
    if (this.#listeners.size === 0) {
      this.#untold.push(fact);
      return;
    }
    const telling = async () => {
      for (const listener of this.#listeners) await listener(fact).catch(this.#options.report);
    };
    this.#telling = this.#telling.then(telling);
  }

  async #noteWriter(writer: CallUnderWay): Promise<void> {
    const { runsFolder, runId, report } = this.#options;
    await noteUnderWay(runsFolder, runId, writer).catch(report);
  }

  /** Once what it changed is told. */
  #clearWriter(): void {
    const { runsFolder, runId, report } = this.#options;
    this.#telling = this.#telling.then(() => clearUnderWay(runsFolder, runId).catch(report));
  }

  /** Beside the queue: what is borrowed stays readable until all of it is copied. */
  async #copy(): Promise<void> {
    for (const keeper of this.#keepers) await keeper.copy();
  }
}
