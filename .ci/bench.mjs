/** `npm run bench [-- name …]`: runs test/bench/*.bench.ts one after the other. stdout holds their JSON lines and nothing else. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleForHost } from './lib/hostTests.mjs';
import { environment, Failure, main, node24, root, say } from './lib/shell.mjs';
import { setUpForTests } from './lib/steps.mjs';
import { installSystemPackages } from './lib/system.mjs';
import { packageVsix } from './lib/vsix.mjs';

await main(async (chosen) => {
  const folder = join(root, 'test/bench');
  const all = readdirSync(folder).filter((name) => name.endsWith('.bench.ts'));
  const wanted = chosen.length === 0 ? all : all.filter((name) => chosen.includes(name.replace('.bench.ts', '')));
  if (wanted.length === 0) throw new Failure(`there are: ${all.join(', ')}`);
  await setUpForTests();
  await installSystemPackages(['python3-doc']);
  await bundleForHost('test/bench/inHost', 'out/bench');
  const env = environment({ MIROTHINKER_VSIX: await packageVsix() });
  const failed = [];
  for (const name of wanted) {
    say(`\n== ${name}`);
    if ((await bench(join(folder, name), env)) !== 0) failed.push(name);
  }
  if (failed.length > 0) say(`failed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
});

/** Resolves to the exit code, 1 when no figure came. */
function bench(file, env) {
  return new Promise((done) => {
    const child = spawn(node24, [file], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let figures = 0;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!isFigure(line)) return say(line);
      figures += 1;
      return process.stdout.write(`${line}\n`);
    });
    child.on('error', (error) => say(String(error)));
    child.on('close', (code) => done(code === 0 && figures === 0 ? 1 : (code ?? 1)));
  });
}

function isFigure(line) {
  try {
    const { name, value, unit, better } = JSON.parse(line);
    return [typeof name, typeof value, typeof unit, typeof better].join() === 'string,number,string,string';
  } catch {
    return false;
  }
}
