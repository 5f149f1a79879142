/** Keeps one root's files while a run lives. */
import { rm } from 'node:fs/promises';
import type { SkippedFile } from '../../shared/refs.ts';
import { differingNames, otherNames } from './changedNames.ts';
import type { KeepLimits } from './classify.ts';
import { copyBorrowed } from './copyBorrowed.ts';
import { GitFailure } from './git.ts';
import { type OpenedFolder, openGitFolder } from './gitFolder.ts';
import { hasRules, isIgnoreFile, removeRules } from './ignoreRules.ts';
import type { Keeping } from './keepNames.ts';
import { type Kept, emptyTree, readKept, writeKept } from './kept.ts';
import { type ByteName, shownName } from './names.ts';
import { removeHalfWritten } from './leftovers.ts';
import { writeEntries, writeTrees } from './ownIndex.ts';
import { putBack } from './putBack.ts';
import { type Step, keepAll, keepChanged, keepNamed, stepBetween, touchedNames } from './rootFiles.ts';
import { type Seed, seedFrom } from './seed.ts';
import { noteModes, notedModes, unusualModes } from './fileModes.ts';
import { adoptRules, listedIgnoreFiles, settleRules } from './settleRules.ts';
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

/** A root that was opened, and what became other while it was not. */
export interface OpenedRoot {
  readonly keeper: RootKeeper;
  readonly step: Step;
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
  static async open(options: RootOptions): Promise<OpenedRoot> {
    const { gitFolder, root } = options;
    // What is settled before the first call that writes was settled when there are rules.
    const settled = await hasRules(gitFolder);
    const [opened, modes] = await Promise.all([RootKeeper.#open(options), settled ? undefined : unusualModes(root)]);
    if (modes !== undefined) await noteModes(gitFolder, modes);
    await adoptRules(gitFolder);
    return opened;
  }

  static async #open({ gitFolder, root, runsFolder, limits, previous, signal }: RootOptions): Promise<OpenedRoot> {
    const folder = await openGitFolder(gitFolder, root, runsFolder, limits);
    const noted = previous === undefined ? undefined : await readKept(gitFolder, previous);
    const keeper = new RootKeeper({ folder, place: folder.place, signal }, folder, limits, noted);
    return { keeper, step: await (folder.hasIndex ? keeper.#keepAgain() : keeper.#keepFirst()) };
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

  async #keepAgain(): Promise<Step> {
    const step = await this.keepAll();
    if (!(await hasRules(this.#folder.path))) await this.#settle();
    return step;
  }

  async #keepFirst(): Promise<Step> {
    const folder = this.#folder;
    // Rules that were settled for another top are of no use.
    await removeRules(folder.path);
    const seed = folder.repository && (await seedFrom(folder.repository, folder, this.#limits.maxFileBytes));
    try {
      if (seed && seed.entries.length > 0) return await this.#keepSeeded(seed);
    } catch (error) {
      this.#keeping.signal.throwIfAborted();
      if (!(error instanceof GitFailure)) throw error;
      // Something is wrong with the person's index: then nothing is taken from it.
      await rm(folder.place.index, { force: true });
    }
    const step = await this.keepAll();
    await this.#settle();
    return step;
  }

  /** Begins with what the person's index knows: then most of the work is looking, at everything at once. */
  async #keepSeeded({ entries, objects }: Seed): Promise<Step> {
    const folder = this.#folder;
    const { place } = folder;
    await folder.borrow(objects);
    const written = await writeEntries(folder, place, entries);
    const ignoreFiles = entries.map(({ name }) => name).filter(isIgnoreFile);
    const differing = differingNames(place);
    const others = otherNames(place, undefined);
    const rules = settleRules(folder, ignoreFiles, () => others);
    const trees = writeTrees(folder, place, written);
    const all = Promise.all([differing, others, trees, rules]);
    // Nothing goes on behind a failure.
    const [changed, fresh, known] = await all.finally(() => Promise.allSettled([differing, others, trees, rules]));
    const names = [...new Set([...changed, ...fresh])];
    const tree = known?.ids.get(folder.prefix)?.toString('hex');
    if (names.length === 0 && tree !== undefined) this.#current = { tree, unheld: new Map() };
    else this.#current = await keepChanged(this.#keeping, names, this.#current, this.#limits);
    return this.#step();
  }

  /** Comes behind a look at all files: the index has the ignore files. */
  async #settle(): Promise<void> {
    const folder = this.#folder;
    await settleRules(folder, await listedIgnoreFiles(folder), () => otherNames(folder.place, undefined));
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
}

function ignoredFile(name: ByteName): SkippedFile {
  return { path: shownName(name), reason: 'git ignores it' };
}
