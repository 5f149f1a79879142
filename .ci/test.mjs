/** `npm test [-- core|host|vsix|e2e …]`: sets up, runs the suites one after the other, ends with `N passed, N failed`. */
import { buildHostTests } from './lib/hostTests.mjs';
import { packageVsix } from './lib/vsix.mjs';
import { Failure, main } from './lib/shell.mjs';
import { setUpForTests } from './lib/steps.mjs';
import { runSuite } from './lib/suite.mjs';

const mocha = 'node_modules/mocha/bin/mocha.js';
const reporter = ['--reporter', '.ci/lib/reporter.cjs'];

/** In this order. `prepare` runs first and may give the suite environment variables. */
const suites = {
  core: { args: [mocha, ...reporter], minutes: 45 },
  host: { args: ['test/harness/hostSuite.ts'], minutes: 6, prepare: buildHostTests },
  vsix: {
    args: ['test/harness/hostSuite.ts', '--installed'],
    minutes: 6,
    prepare: async () => {
      await buildHostTests();
      return { MIROTHINKER_VSIX: await packageVsix() };
    },
  },
  e2e: {
    args: [mocha, ...reporter, '--no-config', '--timeout', '120000', 'test/e2e/**/*.e2e.ts'],
    minutes: 20,
  },
};

await main(async (chosen) => {
  const unknown = chosen.filter((name) => !(name in suites));
  if (unknown.length > 0)
    throw new Failure(`no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`);
  await setUpForTests();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of chosen.length > 0 ? chosen : Object.keys(suites)) {
    const { prepare, ...suite } = suites[name];
    const result = await prepared(name, suite, prepare);
    for (const key of Object.keys(total)) total[key] += result[key];
    if (result.interrupted) break;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
});

async function prepared(name, suite, prepare) {
  try {
    const env = await prepare?.();
    return await runSuite({ name, ...suite, env });
  } catch (error) {
    process.stderr.write(`\n== ${name}\n${error instanceof Failure ? error.message : error.stack}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
