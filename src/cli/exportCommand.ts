/** `export`: a run's answer in a form for others. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { exportReport, reportForms } from '../export/index.ts';
import { foldAll } from '../shared/trajectory.ts';
import { readLog } from '../store/readLog.ts';
import { findRun } from '../store/runs.ts';
import type { Call } from './arguments.ts';

/** Writes it to the file that was named, else to stdout. */
export async function exportCommand({ operand, format, output }: Call, folder: string): Promise<number> {
  const form = reportForms.find(({ name }) => name === format);
  if (!form) throw new UserError(`There is no format ${format}.`);
  const runId = await findRun(folder, operand);
  const { events, damage } = await readLog(join(folder, runId));
  if (damage) process.stderr.write(`${damage}\n`);
  const text = exportReport(foldAll(events), form);
  if (text === '') process.stderr.write('The answer has no sources: there is nothing to export in this format.\n');
  if (output === undefined || output === '-') process.stdout.write(text);
  else {
    const path = resolve(output);
    await writeFile(path, text).catch((error: unknown) => {
      throw new UserError(`${path} cannot be written (${messageOf(error)}).`);
    });
    process.stderr.write(`Wrote ${path}.\n`);
  }
  return 0;
}
