/** `npm run check`: types of every runtime, lint, format, layers, dead code. Prints every failure. */
import { join } from 'node:path';
import { installDependencies } from './lib/dependencies.mjs';
import { capture, main, root, say } from './lib/shell.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** Longest first: they run three at a time. */
const gates = {
  lint: [bin('eslint'), '.'],
  'types: node': [bin('tsc'), '-p', 'tsconfig.json'],
  'types: webview': [bin('tsc'), '-p', 'webview/tsconfig.json'],
  'types: shared': [bin('tsc'), '-p', 'src/shared/tsconfig.json'],
  format: [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  layers: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src', 'webview'],
  'dead code': [bin('knip')],
};

await main(async () => {
  await installDependencies();
  const waiting = Object.entries(gates);
  const failed = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, [program, ...args]] = next;
      const { code, output } = await capture(program, args);
      say(code === 0 ? `check ${name}: passed` : `check ${name}: FAILED\n${output.trimEnd()}\n`);
      if (code !== 0) failed.push(name);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  if (failed.length > 0) say(`check failed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
});
