/** The index of a workspace while a run lives: brought up to date before each query, and further behind it. */
import { setImmediate as nextTick, setTimeout as wait } from 'node:timers/promises';
import type { DocumentReader } from '../documents/document.ts';
import type { Workspace } from '../workspace.ts';
import { openIndex } from './openIndex.ts';
import { IndexBroken, type FoundPassage, type IndexedFile, type PassageIndex } from './passageIndex.ts';
import { isDocument, passagesOfFile } from './readForIndex.ts';
import { removeSqliteIndex } from './sqliteIndex.ts';
import { queryParts } from './words.ts';
import { listedFiles, standing, type StandingFile } from './workspaceFiles.ts';

/** How long a query waits for files that are new or changed, in ms; then it answers with what is there. */
const patienceMs = 8_000;
/** What goes into the index in one go, in characters and files: the event loop stands still meanwhile. */
const batch = { chars: 128_000, files: 64 } as const;
/** Passages of one file that are told before those of others. */
const mostOfFile = 3;
/** Passages that fit and are looked at: the rest fit badly. */
const mostLooked = 5_000;

/** Where the index gets its files from and is kept. */
export interface IndexPlace {
  readonly workspace: Workspace;
  readonly reader: DocumentReader | undefined;
  /** The file of the kept index. */
  readonly path: string;
  /** A folder that is not searched though it lies in the workspace. */
  readonly without: string;
  readonly patienceMs?: number;
}

export interface SearchAnswer {
  readonly passages: readonly FoundPassage[];
  readonly files: number;
  /** Files that are not read yet, or not again. */
  readonly pending: number;
  /** There are more files than are searched. */
  readonly cut: boolean;
}

/** How far bringing it up to date has come. */
interface Progress {
  files: number;
  pending: number;
  cut: boolean;
}

export class WorkspaceIndex {
  readonly #place: IndexPlace;
  readonly #ended = new AbortController();
  #index: Promise<PassageIndex> | undefined;
  #refresh: { readonly done: Promise<void>; readonly progress: Progress } | undefined;

  constructor(place: IndexPlace) {
    this.#place = place;
  }

  /** Best first. Throws ToolError where files cannot be listed, and the signal's reason. */
  async search(query: string, glob: string | undefined, limit: number, signal: AbortSignal): Promise<SearchAnswer> {
    try {
      return await this.#searchOnce(query, glob, limit, signal);
    } catch (error) {
      if (!(error instanceof IndexBroken)) throw error;
      await this.#makeAnew();
      return this.#searchOnce(query, glob, limit, signal);
    }
  }

  /** Ends what goes on in the background. */
  async dispose(): Promise<void> {
    this.#ended.abort();
    await this.#refresh?.done.catch(() => undefined);
    (await this.#index?.catch(() => undefined))?.close();
    this.#index = undefined;
  }

  async #searchOnce(query: string, glob: string | undefined, limit: number, signal: AbortSignal) {
    this.#index ??= openIndex(this.#place.path);
    const index = await this.#index;
    this.#refresh ??= this.#startRefresh(index);
    const { done, progress } = this.#refresh;
    await within(done, this.#place.patienceMs ?? patienceMs, signal);
    const chosen = glob === undefined ? undefined : await listedFiles(this.#place.workspace, glob, signal);
    const accepted = chosen && new Set(chosen.paths);
    const passages = await this.#best(index, query, limit, accepted, signal);
    return { passages, files: accepted?.size ?? progress.files, pending: progress.pending, cut: progress.cut };
  }

  async #best(
    index: PassageIndex,
    query: string,
    limit: number,
    accepted: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<readonly FoundPassage[]> {
    const parts = queryParts(query);
    if (parts.length === 0) return [];
    const told = new Map<string, Set<string>>();
    const [best, more]: [FoundPassage[], FoundPassage[]] = [[], []];
    let looked = 0;
    for (const passage of index.search(parts)) {
      if (best.length >= limit || ++looked > mostLooked) break;
      if (accepted && !accepted.has(passage.path)) continue;
      // What was deleted since, or lies elsewhere now, is not told.
      if (!told.has(passage.path) && (await standing([passage.path], signal)).length === 0) continue;
      const before = told.get(passage.path) ?? new Set();
      if (before.has(passage.text)) continue;
      told.set(passage.path, before.add(passage.text));
      (before.size <= mostOfFile ? best : more).push(passage);
    }
    return [...best, ...more].slice(0, limit);
  }

  #startRefresh(index: PassageIndex): { readonly done: Promise<void>; readonly progress: Progress } {
    const progress: Progress = { files: 0, pending: 0, cut: false };
    const done = this.#bringUpToDate(index, progress).finally(() => {
      this.#refresh = undefined;
    });
    done.catch(() => undefined);
    return { done, progress };
  }

  async #bringUpToDate(index: PassageIndex, progress: Progress): Promise<void> {
    const { workspace, reader, without } = this.#place;
    const { signal } = this.#ended;
    const { paths, cut } = await listedFiles(workspace, undefined, signal);
    const files = await standing(
      paths.filter((path) => !path.startsWith(`${without}/`)),
      signal,
    );
    const stamps = index.stamps();
    const there = new Set(files.map(({ path }) => path));
    const changed = files.filter(({ path, stamp }) => stamps.get(path) !== stamp).toSorted(soonest);
    Object.assign(progress, { files: files.length, pending: changed.length, cut });
    if (!cut) index.remove([...stamps.keys()].filter((path) => !there.has(path)));
    let [read, chars]: [IndexedFile[], number] = [[], 0];
    const put = async () => {
      // Where another process writes, it reads the same files: what it leaves out is read at the next query.
      if (read.length > 0 && index.put(read)) progress.pending -= read.length;
      [read, chars] = [[], 0];
      await nextTick();
    };
    for (const file of changed) {
      const passages = await passagesOfFile(file, reader, signal);
      read.push({ path: file.path, stamp: file.stamp, shown: workspace.show(file.path), passages });
      chars += passages.reduce((sum, { text }) => sum + text.length, 0);
      if (chars >= batch.chars || read.length >= batch.files) await put();
    }
    await put();
  }

  async #makeAnew(): Promise<void> {
    const index = await this.#index?.catch(() => undefined);
    await this.#refresh?.done.catch(() => undefined);
    index?.close();
    this.#index = undefined;
    await removeSqliteIndex(this.#place.path);
  }
}

/** What is quick to read and was written last comes first. */
function soonest(a: StandingFile, b: StandingFile): number {
  return Number(isDocument(a.path)) - Number(isDocument(b.path)) || b.mtimeMs - a.mtimeMs;
}

/** Waits, but not for ever. Throws what the work throws, and the signal's reason. */
async function within(work: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([work, wait(ms, undefined, { signal: AbortSignal.any([signal, timer.signal]) })]);
  } finally {
    timer.abort();
  }
  signal.throwIfAborted();
}
