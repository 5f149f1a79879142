/** What is being started: each thing once at a time. */
import { UserError } from '../agent/errors.ts';

/** Starts under way, by what they are started on. */
export class Starts {
  readonly #going = new Map<string, string>();

  /**
   * Starts on `name`; `what` is all that a person says of it. The same again meanwhile is a second click, and nothing. Throws
   * UserError when something else starts there.
   */
  async once(name: string, what: string, start: () => Promise<void>): Promise<void> {
    const going = this.#going.get(name);
    if (going === what) return;
    if (going !== undefined) throw new UserError('Something else is being started here. Try again in a moment.');
    this.#going.set(name, what);
    await start().finally(() => this.#going.delete(name));
  }
}
