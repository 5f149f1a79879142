import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { testLine } from '../harness/testLine.ts';

/** Called by VS Code's extension host: runs every test beside this file, prints mocha's report, rejects when one fails. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => console.log(testLine + format(...parts));
  const reporter = join(__dirname, '../../../.ci/lib/reporter.cjs');
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: false, reporter });
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith('.test.cjs')) mocha.addFile(join(__dirname, name));
  }
  const failures = await new Promise<number>((done) => mocha.run(done));
  if (failures > 0) throw new Error(`${failures} failed`);
}
