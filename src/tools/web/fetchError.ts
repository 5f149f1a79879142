/** Why a page was not fetched. */
import { ToolError } from '../../agent/errors.ts';

/**
 * `refused`: by our own rules, nothing was sent. `robots`: by the site's. `status`: the server answered with an error.
 * `network`: there was no answer, or a broken one. `busy`: it would have had to wait too long. `browser`: none renders it.
 */
export type FetchFault = 'refused' | 'robots' | 'status' | 'network' | 'busy' | 'browser';

/** A page could not be had; the message is for the model. */
export class FetchError extends ToolError {
  readonly fault: FetchFault;
  /** What the server answered. */
  readonly status: number | undefined;
  /** Whether asking once more may help. */
  readonly passing: boolean;

  constructor(fault: FetchFault, message: string, more: { readonly status?: number; readonly passing?: boolean } = {}) {
    super(message);
    this.fault = fault;
    this.status = more.status;
    this.passing = more.passing ?? false;
  }
}
