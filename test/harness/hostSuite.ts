/** Runs test/host inside a real VS Code, on the checkout or (`--installed`) on the installed .vsix named by MIROTHINKER_VSIX. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInHost } from './inHost.ts';
import { startVsCode } from './vsCode.ts';

const checkout = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'mirothinker-host-'));
const folder = join(scratch, 'workspace');

try {
  cpSync(join(checkout, 'test/sample-workspace'), folder, { recursive: true });
  const extensionDevelopmentPath = process.argv.includes('--installed') ? await install() : checkout;
  process.exitCode = await runInHost({
    extensionDevelopmentPath,
    testsPath: join(checkout, 'out/test/host/index.cjs'),
    folder,
    env: { MIROTHINKER_TEST_COUNTS: process.env['MIROTHINKER_TEST_COUNTS'] ?? '' },
    timeoutMs: 300_000,
    onOutput: (line) => process.stdout.write(`${line}\n`),
  });
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** Installs the .vsix as a person would; resolves to the folder where VS Code put it. */
async function install(): Promise<string> {
  const extensionVsix = process.env['MIROTHINKER_VSIX'];
  if (extensionVsix === undefined) throw new Error('MIROTHINKER_VSIX names no file');
  const dataDir = join(scratch, 'installed');
  const vscode = await startVsCode({ folder, extensionVsix, dataDir });
  await vscode.stop();
  const [installed] = vscode.installed();
  if (installed === undefined) throw new Error('the .vsix was not installed');
  return installed;
}
