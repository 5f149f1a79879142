/** From an address to a readable document: fetched in its raw form, rendered where it needs to be. */
import { ToolError } from '../../agent/errors.ts';
import type { DocumentReader, ReadDocument } from '../documents/document.ts';
import type { FetchedPage, FetchOptions, PageFetcher } from './page.ts';
import { rawForm } from './rawForms.ts';

/** A page, and what stands in it. */
export interface ReadPage {
  readonly page: FetchedPage;
  readonly document: ReadDocument;
}

/** How one page is read. */
export interface ReadOptions extends FetchOptions {
  /** Its bytes are here: only reading them is left. */
  readonly onFetched?: () => void;
}

/** Reads one page. Throws ToolError with the reason, the signal's reason when aborted. */
export type PageReader = (address: string, options: ReadOptions) => Promise<ReadPage>;

/** `render`: whether a page that is nothing without JavaScript is asked for again as a browser shows it. */
export function pageReader(
  fetcher: Pick<PageFetcher, 'fetch'>,
  documents: Pick<DocumentReader, 'read'>,
  render: boolean,
): PageReader {
  const readOnce = async (address: string, { onFetched, ...options }: ReadOptions): Promise<ReadPage> => {
    const page = await fetcher.fetch(address, options);
    onFetched?.();
    const { bytes, type, charset, url } = page;
    const input = {
      bytes,
      name: nameOf(url),
      url,
      ...(type !== '' && { type }),
      ...(charset !== undefined && { charset }),
    };
    return { page, document: await documents.read(input, options.signal) };
  };
  return async (address, options) => {
    const raw = rawForm(address);
    const read = await readOnce(raw, options).catch((error: unknown) => {
      options.signal.throwIfAborted();
      // The form was our guess: the page itself may be there.
      if (raw === address || !(error instanceof ToolError)) throw error;
      return readOnce(address, options);
    });
    if (read.document.wall !== 'script' || !render || options.render || options.ahead) return read;
    try {
      return withoutScriptWall(await readOnce(address, { ...options, render: true }));
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof ToolError)) throw error;
      const notes = [...read.document.notes, `It could not be rendered: ${error.message}`];
      return { ...read, document: { ...read.document, notes } };
    }
  };
}

/** A browser ran the scripts: what there is now is the page, however short. */
function withoutScriptWall({ page, document }: ReadPage): ReadPage {
  const { wall, ...rest } = document;
  const isThere = wall === 'script' && document.text.trim() !== '';
  return { page, document: isThere ? rest : document };
}

/** The last part of an address, as a file name. */
export function nameOf(url: string): string {
  const last =
    URL.parse(url)
      ?.pathname.split('/')
      .findLast((part) => part !== '') ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
