/** How much of the web, and of time, one fetch may take. */

/** Bytes are decompressed ones; times are in ms. */
export interface FetchLimits {
  /** Of text and of what a server does not name. */
  readonly textBytes: number;
  /** Of PDF, office files, archives, pictures and sound. */
  readonly documentBytes: number;
  readonly connectMs: number;
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** For one request and all of its answer. */
  readonly totalMs: number;
  readonly redirects: number;
  /** The longest wait that a server may ask for (Retry-After). */
  readonly retryAfterMs: number;
  /** At one host: at a time, and between two starts. */
  readonly atOnce: number;
  readonly intervalMs: number;
  /** How long something that nobody asked for yet waits for its turn. */
  readonly aheadWaitMs: number;
  /** Of a page in a browser: its requests, their bytes, and until its document is taken as it is. */
  readonly renderRequests: number;
  readonly renderBytes: number;
  readonly renderMs: number;
}

export const fetchLimits: FetchLimits = {
  textBytes: 20_000_000,
  documentBytes: 100_000_000,
  connectMs: 10_000,
  headersMs: 20_000,
  idleMs: 15_000,
  totalMs: 60_000,
  redirects: 10,
  retryAfterMs: 15_000,
  atOnce: 2,
  intervalMs: 250,
  aheadWaitMs: 3_000,
  renderRequests: 150,
  renderBytes: 30_000_000,
  renderMs: 20_000,
};
