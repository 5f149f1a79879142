import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import * as vscode from 'vscode';
import { testLine } from '../../harness/testLine.ts';

const manifest = z.object({ main: z.string() });

/**
 * Runs in the extension host and prints {loadMs?, activateMs} for one window: the extension is activated once, after
 * MIROTHINKER_SETTLE_MS. With MIROTHINKER_SPLIT its module is loaded first, by the same URL as VS Code loads it, so
 * that what `activate()` of the API then takes is the extension's own activate(); without, it is both together.
 */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('mirothinker.mirothinker');
  if (extension === undefined) throw new Error('the extension is not there');
  await delay(Number(process.env['MIROTHINKER_SETTLE_MS'] ?? '0'));
  if (extension.isActive) throw new Error('the extension was active already');
  const main = pathToFileURL(join(extension.extensionPath, manifest.parse(extension.packageJSON).main)).toString();
  const start = performance.now();
  if (process.env['MIROTHINKER_SPLIT'] === 'yes') await import(main);
  const loaded = performance.now();
  await extension.activate();
  console.log(testLine + JSON.stringify({ loadMs: loaded - start, activateMs: performance.now() - loaded }));
}
