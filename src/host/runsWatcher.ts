/** Notices runs that other windows and commands start, end or delete. */
import { watch, type FSWatcher } from 'node:fs';

/** New folders are looked at so much later, when their logs have begun, in ms. */
const settleMs = 500;
/** How often runs that go on elsewhere are looked at, in ms. */
const lookEveryMs = 5_000;

/** Watches one folder, without what is below its runs. */
export class RunsWatcher {
  readonly #onChange: () => void;
  #watched: { readonly folder: string; readonly watcher: FSWatcher } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Watches this folder from now on, as soon as it is there: call it again when that may be. */
  watch(folder: string): void {
    if (this.#watched?.folder === folder) return;
    this.#stop();
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#tellIn(settleMs));
      watcher.on('error', () => this.#stop());
      this.#watched = { folder, watcher };
    } catch {
      // There is no such folder yet.
    }
  }

  /** Some runs go on elsewhere: how they do tells no folder. */
  lookAgain(): void {
    this.#tellIn(lookEveryMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #stop(): void {
    this.#watched?.watcher.close();
    this.#watched = undefined;
  }

  #tellIn(ms: number): void {
    if (this.#timer && ms > settleMs) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onChange();
    }, ms);
  }
}
