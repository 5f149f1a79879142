/** A page as it was fetched, and whoever fetches: what the tools that read the web want of it. */

/** Bytes from an address, before anybody made sense of them. */
export interface FetchedPage {
  /** The address that it was found at, behind all redirects, without its fragment. */
  readonly url: string;
  /** The address that was asked for. */
  readonly asked: string;
  /** The media type as the server says it, lower case, without parameters; empty where it says none. It may lie. */
  readonly type: string;
  /** The charset that the server says, lower case. */
  readonly charset?: string;
  /** Decompressed, at most the fetcher's limit. */
  readonly bytes: Uint8Array;
  /** Whether the body was longer than the limit, or had no end. */
  readonly truncated: boolean;
  /** When it was fetched, in ms since the epoch: the past, where it comes from the cache. */
  readonly retrievedAt: number;
  readonly fromCache: boolean;
  /** Of the bytes, lower-case hex. */
  readonly sha256: string;
  /** Whether a browser rendered it: the bytes are then its document as HTML. */
  readonly rendered?: true;
  /** Names of asked-for headers that are never sent. */
  readonly leftOut?: readonly string[];
}

/** How one page is asked for. */
export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Sent beside our own; never cookies, authorisation or host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks for the page as a browser shows it. Throws ToolError where there is none. */
  readonly render?: boolean;
  /** Nobody asked for it yet: it waits behind what was asked for, and gives up rather than wait long. */
  readonly ahead?: boolean;
  /** Whether the address may lead to another one; absent: wherever the fetcher goes. */
  readonly mayLeadTo?: (address: string) => boolean;
}

/** Fetches pages: guarded, polite, cached. One for a run. */
export interface PageFetcher {
  /** Throws ToolError with the reason: refused, not found, a wall, no answer. Two askers of one address share one fetch. */
  readonly fetch: (url: string, options: FetchOptions) => Promise<FetchedPage>;
  readonly dispose: () => Promise<void>;
}
