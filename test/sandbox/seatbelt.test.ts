import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { isolation } from '../../src/sandbox/bwrapArguments.ts';
import { seatbeltProfile, underSeatbelt, type SeatbeltView } from '../../src/sandbox/seatbelt.ts';
import { whatIsWrong } from '../../src/sandbox/selfCheck.ts';

const view: SeatbeltView = {
  roots: ['/Users/me/project (1)'],
  workspace: 'read-write',
  readOnlyPaths: ['/Users/me/.pyenv'],
  home: '/private/var/folders/x/sandbox-1/home',
  temporary: '/private/var/folders/x/sandbox-1/tmp',
  hidden: ['/Users/me/project (1)/.runs', '/private/var/folders/x'],
  network: 'off',
};

/** The lines in their order; the last that fits decides. */
const lines = (changes: Partial<SeatbeltView> = {}) => seatbeltProfile({ ...view, ...changes }).split('\n');
const indexOf = (all: readonly string[], start: string) => all.findIndex((line) => line.startsWith(start));

/** What a reader of Scheme would say of the parentheses. */
function depths(text: string): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  for (const sign of text.replace(/#?"(?:[^"\\]|\\.)*"/g, '')) {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    found.push(depth);
  }
  return found;
}

describe('seatbeltProfile', () => {
  it('denies what it does not name, and closes every parenthesis', () => {
    assert.deepEqual(lines().slice(0, 2), ['(version 1)', '(deny default)']);
    for (const line of lines({ network: 'on' })) {
      assert.ok(
        depths(line).every((depth) => depth >= 0),
        line,
      );
      assert.equal(depths(line).at(-1) ?? 0, 0, line);
    }
  });

  it('covers homes, then shows the workspace and toolchains, then hides the runs, then shows what is the sandbox’s own', () => {
    const all = lines();
    const order = [
      '(allow file-read*)',
      '(deny file-read* (subpath "/Users")',
      '(allow file-read* (subpath "/Users/me/.pyenv") (subpath "/Users/me/project (1)"))',
      '(allow file-write* (subpath "/Users/me/project (1)"))',
      '(deny file-write* (regex',
      '(deny file-read* file-write* (subpath "/Users/me/project (1)/.runs")',
      '(allow file-read* file-write* (subpath "/private/var/folders/x/sandbox-1/home")',
    ].map((start) => indexOf(all, start));
    assert.ok(!order.includes(-1), order.join());
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      order,
    );
  });

  it('keeps protected paths of the workspace alone, in whatever case', () => {
    const text = lines().find((line) => line.startsWith('(deny file-write* (regex')) ?? '';
    const pattern = new RegExp(/#"(.*)"/.exec(text)?.[1] ?? '$^');
    for (const path of ['.git', '.GIT/config', 'sub/.git/hooks/x', '.vscode/settings.json', 'a/.mcp.json']) {
      assert.match(`/Users/me/project (1)/${path}`, pattern);
    }
    for (const path of ['x.code-workspace', '.claude/settings.json', 'deep/.Codex/config.toml']) {
      assert.match(`/Users/me/project (1)/${path}`, pattern);
    }
    for (const path of ['.gitignore', 'git', 'src/mcp.jsonc', 'claude/settings.json', 'xgit']) {
      assert.doesNotMatch(`/Users/me/project (1)/${path}`, pattern);
    }
    assert.doesNotMatch('/private/var/folders/x/sandbox-1/home/.git', pattern);
  });

  it('writes nothing in a workspace that is read-only', () => {
    assert.ok(!lines({ workspace: 'read-only' }).some((line) => line.startsWith('(allow file-write* ')));
    assert.ok(!lines({ workspace: 'overlay' }).some((line) => line.startsWith('(allow file-write* ')));
  });

  it('names no network unless all of it is meant, and then addresses alone', () => {
    for (const network of ['off', 'allowlist'] as const) {
      assert.ok(!lines({ network }).some((line) => line.includes('network')));
    }
    assert.ok(lines({ network: 'on' }).includes('(allow network-outbound (remote ip))'));
  });

  it('quotes what a path may hold', () => {
    const odd = lines({ roots: ['/Users/me/a"b\\c'] }).join('\n');
    assert.ok(odd.includes('(subpath "/Users/me/a\\"b\\\\c")'), odd);
    assert.equal(underSeatbelt(['/bin/sh'], view).at(-1), '/bin/sh');
  });
});

describe('whatIsWrong', () => {
  it('sees every way out of what does not confine', async () => {
    const said = await whatIsWrong((program) => program, homedir());
    assert.equal(
      said,
      'it wrote outside the workspace, it read the home, it reached other processes, it reached the network',
    );
  });

  it('has nothing against what confines', async () => {
    const confine = (program: readonly [string, ...string[]], root: string) => {
      const system = ['/usr', '/bin', '/lib', '/lib64'].flatMap((path) => ['--ro-bind-try', path, path]);
      const own = ['--proc', '/proc', '--dev', '/dev', '--bind', root, root, '--remount-ro', '/'];
      return ['bwrap', ...isolation, ...system, ...own, '--', ...program] as const;
    };
    // An empty environment has no PATH for bwrap itself.
    assert.equal(
      await whatIsWrong(
        (program, { root }) => ['/usr/bin/env', 'PATH=/usr/bin:/bin', ...confine(program, root)],
        homedir(),
      ),
      undefined,
    );
  });

  it('says what is missing where nothing can be written, or nothing starts', async () => {
    const readOnly = await whatIsWrong(
      (_program, { root }) => ['/bin/sh', '-c', `rmdir ${dirname(root)}/nothing`],
      '/',
    );
    assert.match(readOnly ?? '', /nothing/);
    assert.match((await whatIsWrong(() => ['/no/such/program'], '/')) ?? '', /ENOENT/);
  });
});
