/** What a run may find out beyond the workspace, and how. Keys are no settings: they are in no log. */
import { z } from 'zod';

export const searchProviderSchema = z.enum(['searxng', 'serper', 'brave', 'tavily', 'kiwix']);
/** Who answers searches. */
export type SearchProviderName = z.infer<typeof searchProviderSchema>;

/** A provider; `url` is its server's address (needed for searxng and kiwix). */
export const searchChoiceSchema = z
  .object({ provider: searchProviderSchema, url: z.string().exactOptional() })
  .readonly();
export type SearchChoice = z.infer<typeof searchChoiceSchema>;

export const webSettingsSchema = z
  .object({
    /** In the order in which they are tried; none: no search is offered. */
    search: z.array(searchChoiceSchema).readonly(),
    /** Whether pages are read: `auto` where a search is configured. */
    pages: z.enum(['auto', 'on', 'off']),
    /** `example.org`, or `example.org/folder`: what lies there is neither found nor read. */
    blocked: z.array(z.string().min(1)).readonly(),
    /** Domains whose addresses the model may make up although the run has read private things. */
    trusted: z.array(z.string().min(1)).readonly(),
    /** Whether this machine's own servers may be read: local wikis, tests. */
    allowLoopback: z.boolean(),
    /** Whether robots.txt is kept to. */
    robots: z.boolean(),
    /** Whether pages that need JavaScript are rendered by an installed Chrome or Chromium. */
    render: z.boolean(),
    /** Whether the first results of a search are read before they are asked for: `auto` where the search is local. */
    speculative: z.enum(['auto', 'on', 'off']),
    /** The light model that takes out of a page what was asked for; absent: the run's own. */
    extraction: z.object({ baseUrl: z.string(), model: z.string() }).readonly().exactOptional(),
  })
  .readonly();
export type WebSettings = z.infer<typeof webSettingsSchema>;

/** Nothing beyond the workspace. */
export const noWeb: WebSettings = {
  search: [],
  pages: 'auto',
  blocked: [],
  trusted: [],
  allowLoopback: false,
  robots: true,
  render: false,
  speculative: 'auto',
};
