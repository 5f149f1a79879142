/** A document made readable: what the readers of all formats give, and what they are given. */

/** What is to be read. */
export interface DocumentInput {
  readonly bytes: Uint8Array;
  /** A file name or the last part of an address: its ending helps where bytes and type do not tell. */
  readonly name: string;
  /** The media type that somebody said. The bytes are believed before it. */
  readonly type?: string;
  readonly charset?: string;
  /** The address that links are relative to. */
  readonly url?: string;
}

/** A place in a document's text, in UTF-16 code units from its beginning. */
export interface Section {
  readonly title: string;
  /** 1 is the outermost. */
  readonly level: number;
  readonly from: number;
}

/** A document as text. */
export interface ReadDocument {
  /** `html`, `pdf`, `docx`, `xlsx`, `pptx`, `odt`, `ods`, `odp`, `epub`, `rtf`, `csv`, `json`, `zip`, `text`, `code`, `image`, `audio`, `video`, `binary`. */
  readonly kind: string;
  readonly title?: string;
  readonly author?: string;
  /** As the document says it, ISO 8601 where that can be told. */
  readonly published?: string;
  /** Markdown. */
  readonly text: string;
  /** Headings, slides, sheets, members, in order. */
  readonly sections: readonly Section[];
  /** Where each page of a PDF begins. */
  readonly pages?: readonly number[];
  /** Absolute addresses that it links to, http and https, each once. */
  readonly links: readonly string[];
  /** What was left out, guessed or broken, in sentences for the model. */
  readonly notes: readonly string[];
  /** There is more in the document than in the text. */
  readonly cut?: boolean;
  /** Why there may be little in it: it asks to log in, to consent, to pay, or to run JavaScript. */
  readonly wall?: 'login' | 'consent' | 'payment' | 'script' | 'robot';
}

/** Reads documents beside the event loop, in a worker. */
export interface DocumentReader {
  /** Throws ToolError where nothing can be read, with the reason; the signal's reason when aborted. */
  readonly read: (input: DocumentInput, signal: AbortSignal) => Promise<ReadDocument>;
  readonly dispose: () => Promise<void>;
}
