import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './shell.mjs';

/** Bundles test/host/*.ts into out/test/host/*.cjs. */
export async function buildHostTests() {
  await bundleForHost('test/host', 'out/test/host');
}

/** Bundles a folder's *.ts, each file by itself, into *.cjs: what a VS Code extension host can load as tests. */
export async function bundleForHost(from, to) {
  const { build, stop } = await import('esbuild');
  rmSync(join(root, to), { recursive: true, force: true });
  say(`bundling ${from}`);
  await build({
    entryPoints: readdirSync(join(root, from))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, from, name)),
    outdir: join(root, to),
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
