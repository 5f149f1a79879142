/** Runs test/host inside a real VS Code, on the checkout or (`--installed`) on the installed .vsix named by MIROTHINKER_VSIX. */
import { join } from 'node:path';
import { runInHost } from './inHost.ts';
import { installVsix } from './install.ts';
import { checkout, makeScratch } from './workspace.ts';

const scratch = makeScratch();
try {
  const { folder, workspace } = scratch;
  process.exitCode = await runInHost({
    extensionDevelopmentPath: process.argv.includes('--installed') ? await installVsix(folder, workspace) : checkout,
    testsPath: join(checkout, 'out/test/host/index.cjs'),
    folder: workspace,
    env: { MIROTHINKER_TEST_COUNTS: process.env['MIROTHINKER_TEST_COUNTS'] ?? '' },
    timeoutMs: 300_000,
    onOutput: (line) => process.stdout.write(`${line}\n`),
  });
} finally {
  scratch.remove();
}
