/** Keeps one root's files while a run lives. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkippedFile } from '../../shared/refs.ts';
import type { KeepLimits } from './classify.ts';
import { copyBorrowed } from './copyBorrowed.ts';
import { GitFailure } from './git.ts';
import { type OpenedFolder, openGitFolder } from './gitFolder.ts';
import { rulesOf } from './ignoreRules.ts';
import { type Keeping, writeEntries } from './keepNames.ts';
import { type Kept, emptyTree, readKept, writeKept } from './kept.ts';
import { type ByteName, shownName } from './names.ts';
import { removeHalfWritten } from './leftovers.ts';
import { putBack } from './putBack.ts';
import { type Step, keepAll, keepNamed, stepBetween, touchedNames } from './rootFiles.ts';
import { seedFrom } from './seed.ts';
import { noteModes, notedModes } from './fileModes.ts';
import { settleRules } from './settleRules.ts';
import { treeChanges } from './treeChanges.ts';

/** What opening a root needs. */
export interface RootOptions {
  readonly gitFolder: string;
  readonly root: string;
  readonly runsFolder: string;
  readonly limits: KeepLimits;
  /** The number of the newest checkpoint of this run, if there is one. */
  readonly previous: number | undefined;
  readonly signal: AbortSignal;
}

/** A state of this root, and where its objects can be read. */
export interface RestoreTarget {
  readonly kept: Kept;
  readonly objects: readonly string[];
}

/** Lives as long as the run; one thing at a time is asked of it. */
export class RootKeeper {
  readonly #keeping: Keeping;
  readonly #limits: KeepLimits;
  readonly #folder: OpenedFolder;
  /** Whether nothing of this run was kept before: the first step is the baseline. */
  readonly fresh: boolean;
  /** The newest checkpoint; undefined before the baseline. */
  #noted: Kept | undefined;
  /** What the index says now. */
  #current: Kept;

  private constructor(keeping: Keeping, folder: OpenedFolder, limits: KeepLimits, noted: Kept | undefined) {
    this.#keeping = keeping;
    this.#folder = folder;
    this.#limits = limits;
    this.fresh = noted === undefined;
    this.#noted = noted;
    this.#current = noted ?? { tree: emptyTree[folder.hashBytes], unheld: new Map() };
  }

  /** Opens a root and looks at all its files. Throws GitFailure and what the disk says. */
  static async open(options: RootOptions): Promise<{ readonly keeper: RootKeeper; readonly step: Step }> {
    const { gitFolder, root, runsFolder, limits, previous, signal } = options;
    const folder = await openGitFolder(gitFolder, root, runsFolder, limits);
    const noted = previous === undefined ? undefined : await readKept(gitFolder, previous);
    const keeper = new RootKeeper({ folder, place: folder.place, signal }, folder, limits, noted);
    const step = await (folder.hasIndex ? keeper.keepAll() : keeper.#keepFirst());
    if ((await rulesOf(folder.place)) === undefined) {
      await noteModes(folder.root, folder.path);
      await settleRules(folder);
    }
    return { keeper, step };
  }

  /** Looks at all files. */
  async keepAll(): Promise<Step> {
    this.#current = await keepAll(this.#keeping, this.#current, this.#limits);
    return this.#step();
  }

  /** Looks at these absolute paths alone; what is not in this root is none of its business. Tells of ignored ones if asked to. */
  async keepTouched(paths: readonly string[], tellIgnored: boolean): Promise<Step> {
    const { names, ignored } = await touchedNames(this.#keeping, paths);
    const step = await this.#keepNamed(names);
    return { ...step, skipped: [...step.skipped, ...(tellIgnored ? ignored.map(ignoredFile) : [])] };
  }

  /** Makes what is kept now a checkpoint. */
  async note(number: number): Promise<void> {
    await writeKept(this.#folder.path, number, this.#current);
    this.#noted = this.#current;
  }

  /**
   * Keeps what stands where files will be put back, ignored or not, so that nothing is lost. Comes after `keepAll`.
   */
  async keepReplaced({ kept, objects }: RestoreTarget, only: ReadonlySet<ByteName> | undefined): Promise<Step> {
    const changes = await this.#changesTo(kept, objects, only);
    return this.#keepNamed(changes.filter(({ change }) => change === 'added').map(({ name }) => name));
  }

  /** Puts files back as they were. Gives what became other by it, and what could not be put back. */
  async restore({ kept, objects }: RestoreTarget, only: ReadonlySet<ByteName> | undefined): Promise<Step> {
    const changes = await this.#changesTo(kept, objects, only);
    // What was not held then, or is not held now, would be lost.
    const reasons = new Map([...kept.unheld, ...this.#current.unheld]);
    const lost = changes.filter(({ name }) => reasons.has(name));
    const wanted = changes.filter(({ name }) => !reasons.has(name));
    const failed = await putBack(
      this.#folder.root,
      await this.#reading(objects),
      wanted,
      await notedModes(this.#folder.path),
    );
    const { changes: done } = await this.#keepNamed(wanted.map(({ name }) => name));
    const kepts = lost.map(({ name }) => ({ path: shownName(name), reason: `not kept: ${reasons.get(name) ?? ''}` }));
    return { changes: done, skipped: [...failed, ...kepts] };
  }

  /** After something failed: a full disk has room again where half of a file was written. */
  async tidy(): Promise<void> {
    await removeHalfWritten(this.#folder.path);
  }

  /** Copies what is borrowed from the person's repository. */
  async copy(): Promise<void> {
    await copyBorrowed(this.#folder, this.#keeping.signal);
  }

  async #keepFirst(): Promise<Step> {
    // Rules that were settled for another top are of no use.
    await rm(join(this.#folder.path, 'rules'), { force: true });
    const seeded = await this.#seed();
    try {
      return await this.keepAll();
    } catch (error) {
      this.#keeping.signal.throwIfAborted();
      if (!seeded || !(error instanceof GitFailure)) throw error;
      // Something is wrong with the person's index: then nothing is taken from it.
      await rm(this.#folder.place.index, { force: true });
      return this.keepAll();
    }
  }

  async #keepNamed(names: readonly ByteName[]): Promise<Step> {
    this.#current = await keepNamed(this.#keeping, this.#current, names, this.#limits);
    return this.#step();
  }

  /** What is other since the newest checkpoint; of a baseline, what it does not hold. */
  async #step(): Promise<Step> {
    const before = this.#noted ?? { tree: this.#current.tree, unheld: new Map() };
    return stepBetween(await this.#folder.readPlace(), before, this.#current);
  }

  async #changesTo(kept: Kept, objects: readonly string[], only: ReadonlySet<ByteName> | undefined) {
    const changes = await treeChanges(await this.#reading(objects), this.#current.tree, kept.tree, false);
    return only ? changes.filter(({ name }) => only.has(name)) : changes;
  }

  async #reading(objects: readonly string[]) {
    const place = await this.#folder.readPlace();
    return { ...place, alternates: [...place.alternates, ...objects] };
  }

  /** Begins with what the person's index knows; gives whether there was one. */
  async #seed(): Promise<boolean> {
    const folder = this.#folder;
    if (!folder.repository) return false;
    const { entries, objects } = await seedFrom(folder.repository, folder, this.#limits.maxFileBytes);
    if (entries.length === 0) return false;
    await folder.borrow(objects);
    await writeEntries(folder, folder.place, entries);
    return true;
  }
}

function ignoredFile(name: ByteName): SkippedFile {
  return { path: shownName(name), reason: 'git ignores it' };
}
