/** Pages that were read, on disk, shared by runs and processes: a file each, written whole and then named. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../shared/json.ts';

const keptSchema = z
  .object({
    format: z.literal(1),
    /** Each address on the way, the last of which is the page's. */
    hops: z.array(z.string()).min(1).readonly(),
    type: z.string(),
    charset: z.string().exactOptional(),
    truncated: z.boolean(),
    retrievedAt: z.number(),
    sha256: z.string(),
    etag: z.string().exactOptional(),
    lastModified: z.string().exactOptional(),
    rendered: z.literal(true).exactOptional(),
  })
  .readonly();

/** Stands where a page was found: the address that led there, under which it is kept. */
const pointerSchema = z.object({ format: z.literal(1), askedAs: z.string() }).readonly();

/** What is kept of a page beside its bytes. */
export type Kept = z.infer<typeof keptSchema>;

/** A page that was kept. */
export interface KeptPage {
  readonly kept: Kept;
  readonly bytes: Buffer;
}

/** A page's place in the cache. */
export interface PageKey {
  readonly url: URL;
  readonly rendered: boolean;
}

/** The cache. It never fails: what cannot be kept is not kept, and what is broken is not there. */
export interface PageCache {
  readonly read: (key: PageKey) => Promise<KeptPage | undefined>;
  /** A page is known by the address that was asked and by the one that it was found at. */
  readonly write: (key: PageKey, page: KeptPage) => Promise<void>;
}

const leftoverMs = 3_600_000;
const maxPointerBytes = 10_000;

/** Pages of more than a quarter of `maxBytes` are not kept; when it is full, the oldest go. */
export function pageCache({ folder, maxBytes }: { readonly folder: string; readonly maxBytes: number }): PageCache {
  const fill = { bytes: Number.POSITIVE_INFINITY, evicting: Promise.resolve() };
  const pathOf = ({ url, rendered }: PageKey) => {
    const name = createHash('sha256')
      .update(JSON.stringify([url.href, rendered]))
      .digest('hex');
    return join(folder, `${name}.page`);
  };
  const evictOnce = async () => {
    if (fill.bytes > maxBytes) fill.bytes = await evict(folder, maxBytes).catch(() => Number.POSITIVE_INFINITY);
  };
  const place = async (path: string, parts: readonly Uint8Array[], retrievedAt: number) => {
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, Buffer.concat(parts), { mode: 0o600, flag: 'wx' });
      // The file's date is the page's: the oldest pages go first.
      await utimes(temporary, retrievedAt / 1000, retrievedAt / 1000);
      await rename(temporary, path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
      return false;
    }
    return true;
  };
  const readAt = async (key: PageKey) => readFile(pathOf(key)).catch(() => undefined);
  return {
    read: async (key) => {
      const file = await readAt(key);
      const askedAs = file && pointed(file);
      if (!askedAs) return file && parsed(file);
      const other = await readAt({ ...key, url: askedAs });
      const page = other && parsed(other);
      // The address may lead elsewhere since.
      return page?.kept.hops.at(-1) === key.url.href
        ? { ...page, kept: { ...page.kept, hops: [key.url.href] } }
        : undefined;
    },
    write: async (key, { kept, bytes }) => {
      if (bytes.length > maxBytes / 4) return;
      const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`);
      if (!(await place(pathOf(key), [line(kept), bytes], kept.retrievedAt))) return;
      const found = URL.parse(kept.hops.at(-1) ?? '');
      if (found && found.href !== key.url.href) {
        await place(pathOf({ ...key, url: found }), [line({ format: 1, askedAs: key.url.href })], kept.retrievedAt);
      }
      fill.bytes += bytes.length + 1_000;
      fill.evicting = fill.evicting.then(evictOnce);
      await fill.evicting;
    },
  };
}

function pointed(file: Buffer): URL | undefined {
  if (file.length > maxPointerBytes) return undefined;
  const { data } = pointerSchema.safeParse(parseJson(file.toString('utf8')));
  return (data && URL.parse(data.askedAs)) ?? undefined;
}

function parsed(file: Buffer): KeptPage | undefined {
  const end = file.indexOf(10);
  const bytes = file.subarray(end + 1);
  try {
    const { success, data } = keptSchema.safeParse(JSON.parse(file.subarray(0, end).toString('utf8')));
    return success && sha256Of(bytes) === data.sha256 ? { kept: data, bytes } : undefined;
  } catch {
    return undefined;
  }
}

/** A hash of bytes, in lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Down to nine tenths; gives back what is left, in bytes. Pages that other processes take away meanwhile are gone as well. */
async function evict(folder: string, maxBytes: number): Promise<number> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs, ctimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0, ctimeMs: Date.now() }));
      return { path, size, mtimeMs, ctimeMs, page: name.endsWith('.page') };
    }),
  );
  for (const { path, ctimeMs, page } of files) {
    // Half a page of a process that ended.
    if (!page && Date.now() - ctimeMs > leftoverMs) await rm(path, { force: true });
  }
  const pages = files.filter(({ page }) => page).sort((a, b) => a.mtimeMs - b.mtimeMs);
  let total = pages.reduce((sum, { size }) => sum + size, 0);
  const wanted = total > maxBytes ? maxBytes * 0.9 : maxBytes;
  for (const { path, size } of pages) {
    if (total <= wanted) break;
    await rm(path, { force: true });
    total -= size;
  }
  return total;
}
