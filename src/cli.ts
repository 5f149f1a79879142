#!/usr/bin/env node
/** The command line. On a Node that is too old it runs itself again with the project's own. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The oldest Node that everything runs on. */
const oldestNode = 22;

if (Number(process.versions.node.split('.')[0]) >= oldestNode) {
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2), process.env);
} else {
  runWithOwnNode();
}

function runWithOwnNode(): void {
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(node)) {
    process.stderr.write(
      `MiroThinker needs Node ${oldestNode} or newer; this is ${process.versions.node}. Update Node, or run "npm ci" in the checkout, which brings its own.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // The terminal sends its signals to both; this one only waits. What is sent to this one alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
