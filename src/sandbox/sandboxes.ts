/** The sandboxes of a shell that live on between calls: a few at a time, and none for ever. */
import { randomBytes } from 'node:crypto';
import { ToolError } from '../agent/errors.ts';
import { countOf, formatDuration } from '../shared/quantities.ts';
import type { PythonSession } from './pythonSession.ts';
import type { SandboxFolders } from './stateFolder.ts';

export interface Sandbox {
  /** Time that a call in it may take, and that it may be idle. */
  readonly timeoutMs: number;
  readonly folders: SandboxFolders & { readonly remove: () => Promise<void> };
  readonly python: PythonSession;
}

/** How many may live at a time. */
export const maxSandboxes = 8;

interface Living {
  readonly id: string;
  readonly sandbox: Sandbox;
  calls: number;
  idleSince: number;
  timer: NodeJS.Timeout | undefined;
}

export class Sandboxes {
  readonly #living = new Map<string, Living>();
  /** Why those ended that did. */
  readonly #ended = new Map<string, string>();
  readonly #afterwards: (work: Promise<unknown>) => void;

  /** `afterwards` takes over the removal of what ended. */
  constructor(afterwards: (work: Promise<unknown>) => void) {
    this.#afterwards = afterwards;
  }

  /** Makes room for one more; throws ToolError when all are busy. */
  makeRoom(): void {
    while (this.#living.size >= maxSandboxes) {
      const [longest] = [...this.#living.values()]
        .filter(({ calls }) => calls === 0)
        .sort((a, b) => a.idleSince - b.idleSince);
      if (!longest) {
        throw new ToolError(
          `There are ${countOf(maxSandboxes, 'sandbox', 'sandboxes')} already, the most there may be, and all are busy. Use one of them when its call has ended.`,
        );
      }
      this.#end(longest, 'was ended to make room for a new one, since it had been idle for longest');
    }
  }

  /** Takes a sandbox in and gives its id. */
  add(sandbox: Sandbox): string {
    const id = `sandbox-${randomBytes(4).toString('hex')}`;
    const living = { id, sandbox, calls: 0, idleSince: performance.now(), timer: undefined };
    this.#living.set(id, living);
    this.#rest(living);
    return id;
  }

  /** Oldest first. */
  list(): readonly { readonly id: string; readonly busy: boolean; readonly idleMs: number }[] {
    const now = performance.now();
    return [...this.#living.values()].map(({ id, calls, idleSince }) => ({
      id,
      busy: calls > 0,
      idleMs: calls > 0 ? 0 : now - idleSince,
    }));
  }

  /** The sandbox of a call, and what is to be done when that has ended. Throws ToolError when there is none, and says why. */
  use(id: string): { readonly sandbox: Sandbox; readonly done: () => void } {
    const living = this.#living.get(id);
    if (!living) {
      const why = this.#ended.get(id);
      throw new ToolError(
        why === undefined
          ? `There is no sandbox ${id}: it ended, or was never made. create_sandbox makes one and gives its id.`
          : `Sandbox ${id} ${why}; its files and variables are gone. create_sandbox makes a new one and gives its id.`,
      );
    }
    living.calls++;
    clearTimeout(living.timer);
    const done = () => {
      living.calls--;
      living.idleSince = performance.now();
      this.#rest(living);
    };
    return { sandbox: living.sandbox, done };
  }

  async dispose(): Promise<void> {
    for (const { sandbox, timer } of this.#living.values()) {
      clearTimeout(timer);
      await remove(sandbox);
    }
    this.#living.clear();
  }

  /** It ends when nothing uses it for as long as it may be idle. */
  #rest(living: Living): void {
    if (living.calls > 0 || this.#living.get(living.id) !== living) return;
    const { timeoutMs } = living.sandbox;
    const why = `ended after it had been idle for ${formatDuration(timeoutMs)}`;
    living.timer = setTimeout(() => this.#end(living, why), Math.min(timeoutMs, 2 ** 31 - 1));
    living.timer.unref();
  }

  #end({ id, sandbox, timer }: Living, why: string): void {
    clearTimeout(timer);
    this.#living.delete(id);
    this.#ended.set(id, why);
    this.#afterwards(remove(sandbox));
  }
}

/** Ends its interpreter, then its files. */
async function remove({ python, folders }: Sandbox): Promise<void> {
  await python.end();
  await folders.remove();
}
