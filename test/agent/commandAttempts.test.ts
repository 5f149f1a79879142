import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { commandRules, judgeCommand } from '../../src/agent/commandRules.ts';
import { attempts } from './commandAttempts.ts';
import { ordinaryLines, usualRules } from './commandOrdinary.ts';
import { optionAttempts } from './commandOptionAttempts.ts';
import { scriptAttempts } from './commandScriptAttempts.ts';
import { syntaxAttempts } from './commandSyntaxAttempts.ts';

const further =
  ': timeout nice rsync shuf less stdbuf setsid ionice taskset chrt mapfile unset local wait kill time'.split(' ');
const allowed = commandRules([...usualRules, ...further]);
const all = [...attempts, ...optionAttempts, ...scriptAttempts, ...syntaxAttempts];
const nothing = { beginnings: [], lines: new Set<string>() };
const underAllow = (line: string) => judgeCommand(line, { allow: allowed, ask: [], deny: [] }, nothing);
const underDeny = (line: string) =>
  judgeCommand(line, { allow: commandRules(['*']), ask: [], deny: commandRules(['forbidden']) }, nothing);

describe('a rule that allows', () => {
  for (const [line, effect] of all) {
    it(`does not cover a line that ${effect === 'writes' ? 'writes' : 'runs something else'}: ${JSON.stringify(line)}`, () => {
      assert.notEqual(underAllow(line).kind, 'allow');
    });
  }
  for (const line of ordinaryLines) {
    it(`covers an ordinary line: ${JSON.stringify(line)}`, () => {
      const verdict = underAllow(line);
      assert.equal(verdict.kind, 'allow', JSON.stringify(verdict));
      assert.match(underDeny(line).kind, /^(?:allow|open)$/);
    });
  }
});

describe('a rule that denies', () => {
  for (const [line, effect] of all) {
    if (effect !== 'runs') continue;
    it(`sees what is run: ${JSON.stringify(line)}`, () => assert.match(underDeny(line).kind, /^(?:ask|deny)$/));
  }
});

describe('bash and what a rule allows', function () {
  let folder = '';
  before(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'attempts-'));
    const from = join(folder, 'from');
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(from, 'evil'), { recursive: true });
    const script = '#!/bin/sh\n: > "$RAN"\n';
    writeFileSync(join(folder, 'bin', 'forbidden'), script, { mode: 0o755 });
    writeFileSync(join(from, 'forbidden'), script, { mode: 0o755 });
    writeFileSync(join(from, 'evil.sh'), '#!/bin/sh\nforbidden\n', { mode: 0o755 });
    const files = { f: 'one\ntwo\n', g: 'one\ntwo\n', victim: 'precious\n', Makefile: 'all:\n\t@true\n' };
    const scripts = { a: '1e forbidden\n', 'evil.sed': '1e forbidden\n' };
    const packages = {
      'package.json': '{"name":"x","scripts":{"test":"true"}}',
      'evil/package.json': '{"name":"x","scripts":{"test":"forbidden"}}',
    };
    for (const [name, text] of Object.entries({ ...files, ...scripts, ...packages }))
      writeFileSync(join(from, name), text);
    const start =
      'git init -q . && git add f g && git -c user.email=a@b -c user.name=n commit -qm x && echo three >> f';
    spawnSync('/bin/sh', ['-c', start], { cwd: from, env: { PATH: '/usr/bin:/bin', HOME: folder } });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What bash does with a line, in a folder of its own. */
  const effectOf = (line: string): 'runs' | 'writes' | undefined => {
    const [place, ran] = [join(folder, 'at'), join(folder, 'ran')];
    rmSync(place, { recursive: true, force: true });
    rmSync(ran, { force: true });
    cpSync(join(folder, 'from'), place, { recursive: true });
    const names = readdirSync(place).join('\n');
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      RAN: ran,
      HOME: folder,
      PAGER: 'cat',
      GIT_PAGER: 'cat',
    };
    spawnSync('/bin/bash', ['-c', line], { cwd: place, env, timeout: 20_000, input: '', stdio: 'pipe' });
    if (existsSync(ran)) return 'runs';
    const kept = existsSync(join(place, 'victim')) && readFileSync(join(place, 'victim'), 'utf8') === 'precious\n';
    return kept && readdirSync(place).join('\n') === names ? undefined : 'writes';
  };

  it('has attempts that do what they are here for', function () {
    this.timeout(180_000);
    // Versions of the programs differ, and not every one is everywhere.
    const some = all.filter(([line], at) => at % 9 === 0 && !line.includes('npm'));
    const idle = some.filter(([line, effect]) => effectOf(line) !== (effect === 'writes' ? 'writes' : 'runs'));
    assert.ok(idle.length < some.length / 3, JSON.stringify(idle));
  });

  /** What stands before an option, the option's names, its value, and what stands behind. */
  type Way = readonly [before: string, long: string, short: string, value: string, behind: string];
  const ways: readonly Way[] = [
    ['sort -r', 'output', 'o', 'pwned', 'f'],
    ['sort -S1b', 'compress-program', '', './forbidden', 'f'],
    ['shuf', 'output', 'o', 'pwned', 'f'],
    ['git log', 'output', '', 'pwned', ''],
    ['git diff HEAD', 'output', '', 'pwned', ''],
    ['git grep -n', 'open-files-in-pager', 'O', './forbidden', 'one'],
    ['tar -c -f /dev/null --checkpoint=1', 'checkpoint-action', '', 'exec=./forbidden', 'f'],
    ['tar -c -f /dev/null', 'use-compress-program', 'I', './forbidden', 'f'],
    ['sed -E', 'expression', 'e', '1eforbidden', 'f'],
    ['sed -E', 'expression', 'e', '1w\\ pwned', 'f'],
    ['sed -s', 'file', 'f', 'a', 'f'],
    ['sed -s', 'in-place', 'i', '.b', 's/p/P/ victim'],
    ['make -s', 'eval', 'E', '\\$\\(shell\\ ./forbidden\\)', 'all'],
    ['env', 'split-string', 'S', 'forbidden', 'ls'],
    ['env', 'unset', 'u', 'ls', 'forbidden'],
    ['env', 'chdir', 'C', '/', 'ls'],
    ['xargs', 'process-slot-var', '', 'ls', 'forbidden < /dev/null'],
    ['xargs -r', 'max-args', 'n', '1', 'forbidden < f'],
    ['timeout', 'kill-after', 'k', '1', '5 forbidden'],
    ['nice', 'adjustment', 'n', '1', 'forbidden'],
    ['find . -maxdepth 0', '', 'exec', './forbidden', '\\;'],
    ['find . -maxdepth 0', '', 'fprint', 'pwned', ''],
    ['find . -name victim', '', 'delete', '', ''],
  ];
  /** Ways to write an option and its value as words. */
  const spellings: readonly ((name: string, value: string, cut: number) => readonly string[])[] = [
    (name, value) => [`--${name}=${value}`],
    (name, value) => [`--${name}`, value],
    (name, value, cut) => [`--${name.slice(0, cut)}=${value}`],
    (name, value, cut) => [`--${name.slice(0, cut)}`, value],
  ];
  const shorts: readonly ((letter: string, value: string) => readonly string[])[] = [
    (letter, value) => [`-${letter}`, value],
    (letter, value) => [`-${letter}${value}`],
    (letter, value) => [`-n${letter}${value}`],
    (letter, value) => [`-v${letter}`, value],
  ];
  /** Ways in which words come into a command. */
  const hidings: readonly ((before: string, words: readonly string[], behind: string) => string)[] = [
    (before, words, behind) => `${before} ${words.join(' ')} ${behind}`,
    (before, words, behind) =>
      `${before} ${words.map((word) => `"${word.slice(0, 3)}"${word.slice(3)}`).join(' ')} ${behind}`,
    (before, words, behind) => `${before} ${words.map((word) => `\\${word}`).join(' ')} ${behind}`,
    (before, words, behind) => `o=${words[0] ?? ''}; ${before} "$o" ${words.slice(1).join(' ')} ${behind}`,
    (before, words, behind) => `o=${words.join('\\ ')}; ${before} $o ${behind}`,
    (before, words, behind) => `a=(${words.join(' ')}); ${before} "\${a[@]}" ${behind}`,
    (before, words, behind) => `set -- ${words.join(' ')}; ${before} "$@" ${behind}`,
    (before, words, behind) => `${before} {${words.join(',')},} ${behind}`,
    (before, words, behind) => `${before} \${x:-${words[0] ?? ''}} ${words.slice(1).join(' ')} ${behind}`,
    (before, words, behind) => `${before} $(echo ${words.join(' ')}) ${behind}`,
    (before, words, behind) =>
      `x=${words[0]?.slice(2) ?? ''}; ${before} "${words[0]?.slice(0, 2) ?? ''}$x" ${words.slice(1).join(' ')} ${behind}`,
    (before, words, behind) => `printf '%s\\n' ${words.join(' ')} | xargs -I% ${before} % ${behind}`,
    (before, words, behind) => `echo ${words.join(' ')} | xargs ${before} ${behind}`,
    (before, words, behind) => `find f -exec ${before} ${words.join(' ')} ${behind} ';'`,
    (before, words, behind) => `timeout 9 env ${before} ${words.join(' ')} ${behind}`,
  ];
  const lines = fc
    .tuple(fc.constantFrom(...ways), fc.constantFrom(...spellings), fc.constantFrom(...shorts), fc.boolean())
    .chain(([[before, long, short, value, behind], spelling, shortly, asShort]) =>
      fc
        .tuple(fc.constantFrom(...hidings), fc.integer({ min: 2, max: Math.max(2, long.length) }))
        .map(([hiding, cut]) => {
          const words =
            long === ''
              ? [`-${short}`, value].filter((word) => word !== '')
              : asShort && short !== ''
                ? shortly(short, value)
                : spelling(long, value, cut);
          return hiding(before, words, behind);
        }),
    );

  it('lets no line by in which an option writes or runs, however the option is written', function () {
    this.timeout(180_000);
    const done = new Set<string>();
    fc.assert(
      fc.property(lines, (line) => {
        if (done.has(line) || underAllow(line).kind !== 'allow') return;
        done.add(line);
        assert.equal(effectOf(line), undefined, line);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has such lines that bash does run', function () {
    this.timeout(180_000);
    const some = fc.sample(lines, { numRuns: 60, seed: 7 });
    const busy = some.filter((line) => effectOf(line) !== undefined);
    assert.ok(busy.length > 20, String(busy.length));
  });
});
