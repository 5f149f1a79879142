import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { commandRules, judgeCommand } from '../../src/agent/commandRules.ts';

/** Ways to write the one command that is denied. */
const names: readonly string[] = [
  'forbidden',
  'for"bid"den',
  "'forbidden'",
  '\\forbidden',
  'forbid\\\nden',
  "$'forbidden'",
  "$'\\x66orbidden'",
  '${X:-forbidden}',
  '$(echo forbidden)',
  '`echo forbidden`',
  'f?rbidden',
  './forbidden',
  '"$PWD"/forbidden',
  '{forbidden,}',
  'forbidden --option',
  'x=1 forbidden',
  '"${Y-forbidden}"',
];

/** Ways in which a shell comes to run something; the deepest is a name. */
const ways: readonly ((inner: string) => string)[] = [
  (x) => `echo a; ${x}`,
  (x) => `true && ${x}`,
  (x) => `false || ${x}`,
  (x) => `echo a | ${x}`,
  (x) => `${x} | cat`,
  (x) => `${x} & wait`,
  (x) => `(${x})`,
  (x) => `{ ${x}; }`,
  (x) => `! ${x}`,
  (x) => `time ${x}`,
  (x) => `if ${x}; then :; fi`,
  (x) => `for i in 1; do ${x}; done`,
  (x) => `while ${x}; false; do :; done`,
  (x) => `case a in *) ${x};; esac`,
  (x) => `f() { ${x}; }; f`,
  (x) => `echo $(${x})`,
  (x) => `echo "$(${x})"`,
  (x) => `y=$(${x})`,
  (x) => `: \${z:=$(${x})}`,
  (x) => `echo $((1 + $(${x}; echo 1)))`,
  (x) => `[[ -z $(${x}) ]]`,
  (x) => `a=(1 $(${x}))`,
  (x) => `cat <(${x})`,
  (x) => `echo a > >(${x}); sleep 0.05`,
  (x) => `cat <<E\n$(${x})\nE`,
  (x) => `cat <<< "$(${x})"`,
  (x) => `coproc { ${x}; }; wait`,
  (x) => `env ${x}`,
  (x) => `command ${x}`,
  (x) => `exec ${x}`,
  (x) => `nice ${x}`,
  (x) => `timeout 5 ${x}`,
  (x) => `nohup ${x}`,
  (x) => `xargs ${x} < /dev/null`,
  (x) => `echo a | xargs -I% ${x}`,
  (x) => `find . -maxdepth 0 -exec ${x} \\;`,
  (x) => `eval ${quoted(x)}`,
  (x) => `bash -c ${quoted(x)}`,
  (x) => `sh -c ${quoted(x)}`,
  (x) => `echo ${quoted(x)} | sh`,
  (x) => `bash <<< ${quoted(x)}`,
  (x) => `. /dev/stdin <<< ${quoted(x)}`,
  (x) => `trap ${quoted(x)} EXIT`,
  (x) => `env -S ${quoted(x)}`,
  (x) => `env -vS ${quoted(x)}`,
  (x) => `bash -O extglob -c ${quoted(x)}`,
  (x) => `bash -eo pipefail -c ${quoted(x)}`,
  (x) => `sh -c - ${quoted(x)}`,
  (x) => `bash /dev/stdin <<< ${quoted(x)}`,
];

/** What a program's own code comes to is not told from its text: only a plain name in it is seen. */
const codeWays: readonly ((inner: string) => string)[] = [
  (x) => `python3 -c 'import os; os.system(${JSON.stringify(x).replaceAll("'", `'"'"'`)})'`,
];

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

describe('judgeCommand and bash', function () {
  let folder = '';
  before(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'forbidden-'));
    writeFileSync(join(folder, 'forbidden'), '#!/bin/sh\n: > "$RAN"\n', { mode: 0o755 });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Whether bash runs the denied command. */
  const runs = (line: string): boolean => {
    const ran = join(folder, 'ran');
    rmSync(ran, { force: true });
    const env = { PATH: `${folder}:/usr/bin:/bin`, RAN: ran };
    spawnSync('/bin/bash', ['-c', line], { cwd: folder, env, timeout: 10_000, stdio: 'ignore' });
    return existsSync(ran);
  };
  const verdict = (line: string, allow: readonly string[]) => {
    const rules = { allow: commandRules(allow), ask: [], deny: commandRules(['forbidden']) };
    return judgeCommand(line, rules, { beginnings: [], lines: new Set() }).kind;
  };

  it('lets no line run by itself in which bash runs a denied command', () => {
    const line = fc
      .tuple(fc.constantFrom(...names), fc.array(fc.constantFrom(...ways), { minLength: 1, maxLength: 3 }))
      .map(([name, path]) => path.reduce((inner, way) => way(inner), name));
    let ran = 0;
    fc.assert(
      fc.property(line, (text) => {
        const kind = verdict(text, ['*']);
        if (kind === 'deny' || kind === 'ask') return;
        ran += 1;
        assert.ok(!runs(text), `${kind}: ${text}`);
      }),
      { numRuns: 3_000 },
    );
    assert.ok(ran < 300, `${ran} lines were not stopped`);
  });

  it('has lines that bash does run', () => {
    const all = [...ways, ...codeWays].map((way) => way('forbidden'));
    const idle = all.filter((line) => !runs(line));
    assert.deepEqual(idle, []);
    for (const text of all) assert.equal(verdict(text, ['*']), 'deny', text);
    for (const name of names) assert.ok(runs(name), name);
  });
});
