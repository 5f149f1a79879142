import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The extension's own folder. */
export const checkout = resolve(import.meta.dirname, '../..');

/** A folder for one test, with a copy of the sample workspace in it. */
export interface Scratch {
  readonly folder: string;
  /** The copy of test/sample-workspace. */
  readonly workspace: string;
  remove(): void;
}

/** Makes a new scratch folder. */
export function makeScratch(): Scratch {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirothinker-test-')));
  const workspace = join(folder, 'workspace');
  cpSync(join(checkout, 'test/sample-workspace'), workspace, { recursive: true });
  return { folder, workspace, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
