/** The evidence of a run: what was read, where and when, and how an answer's citations stand to it. */
import { z } from 'zod';
import { blobRefSchema } from './refs.ts';

/** A stretch of a text, in UTF-16 code units: `from` is in it, `to` is not. */
export const spanSchema = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) }).readonly();
export type Span = z.infer<typeof spanSchema>;

/** One source that a call brought something of. */
export const evidenceSchema = z
  .object({
    /** An address, or a path as tools name it. */
    uri: z.string(),
    title: z.string().exactOptional(),
    /** `hit`: what a search said of it; `page`: its text was read; `file`: a file of the workspace or the question. */
    kind: z.enum(['hit', 'page', 'file']),
    /** When it was got, in ms since the epoch; of a page from the cache, when it was fetched. */
    retrievedAt: z.number(),
    /** Its text as it was read (UTF-8); absent where the text is the call's own content. */
    text: blobRefSchema.exactOptional(),
    /** The SHA-256 of the bytes that were fetched, lower-case hex. */
    sha256: z.string().exactOptional(),
    /** What of the text (or the call's content) was put before a model; empty: all of it. */
    spans: z.array(spanSchema).readonly(),
    /** The line of the file that the text begins with, from 1. */
    startLine: z.number().int().positive().exactOptional(),
    /** Where each page of a PDF begins in its text. */
    pages: z.array(z.number().int().min(0)).readonly().exactOptional(),
    /** Who wrote it and when, where the page says so. */
    author: z.string().exactOptional(),
    published: z.string().exactOptional(),
  })
  .readonly();
export type Evidence = z.infer<typeof evidenceSchema>;

/** Names one record: the call that brought it, and its place in that call's list, from 0. */
export const evidenceRefSchema = z.object({ callId: z.string(), index: z.number().int().min(0) }).readonly();
export type EvidenceRef = z.infer<typeof evidenceRefSchema>;

/** One citation of an answer, checked. */
export const citationCheckSchema = z
  .object({
    /** As the answer numbers it: [n], from 1. */
    number: z.number().int().positive(),
    uri: z.string(),
    quote: z.string().exactOptional(),
    /**
     * `verified`: the quote stands in what was read of this source; `partly`: a part of it does, or it stands in another
     * source, or there is no quote and the source was read; `missing`: neither.
     */
    state: z.enum(['verified', 'partly', 'missing']),
    /** Why it is not verified, for a person. */
    why: z.string().exactOptional(),
    /** Where it was found, and the stretch of that record's text. */
    found: evidenceRefSchema.exactOptional(),
    span: spanSchema.exactOptional(),
    /** The line of the file where it stands, where the answer names another; its page, where it has pages. */
    line: z.number().int().positive().exactOptional(),
    page: z.number().int().positive().exactOptional(),
  })
  .readonly();
export type CitationCheck = z.infer<typeof citationCheckSchema>;

/** A sentence, list item or row of an answer's table that nothing cited bears out. */
export const unsupportedSchema = z
  .object({
    from: z.number().int().min(0),
    to: z.number().int().min(0),
    /** What of it is not found in the sources that are cited next to it; absent where none is. */
    missing: z.array(z.string()).readonly().exactOptional(),
    /** The numbers of these sources. */
    sought: z.array(z.number().int().positive()).readonly().exactOptional(),
  })
  .readonly();
export type Unsupported = z.infer<typeof unsupportedSchema>;

/** The answer before this fact was checked against what was read. */
export const citationsCheckedSchema = z.object({
  type: z.literal('citations.checked'),
  citations: z.array(citationCheckSchema).readonly(),
  /** Sentences and rows of the answer's text that claim something which nothing cited bears out. */
  unsupported: z.array(unsupportedSchema).readonly(),
});

/** An answer's citations as they were checked. */
export interface CheckedCitations {
  readonly citations: readonly CitationCheck[];
  readonly unsupported: readonly Unsupported[];
}
