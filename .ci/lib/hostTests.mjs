import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './shell.mjs';

/** Bundles test/host/*.ts, each file by itself, into out/test/host/*.cjs: what a VS Code extension host can load. */
export async function buildHostTests() {
  const from = join(root, 'test/host');
  const to = join(root, 'out/test/host');
  const { build, stop } = await import('esbuild');
  rmSync(to, { recursive: true, force: true });
  say('host tests: bundling');
  await build({
    entryPoints: readdirSync(from)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(from, name)),
    outdir: to,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    outExtension: { '.js': '.cjs' },
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  await stop();
}
