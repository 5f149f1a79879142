import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandRules, judgeCommand, type CommandRules, type Granted } from '../../src/agent/commandRules.ts';
import { commandScope, scopeWords } from '../../src/agent/commandScope.ts';
import { mentions, roundabout, widened } from './commandRoundabout.ts';
import { verdicts } from './commandVerdicts.ts';

const nothing: Granted = { beginnings: [], lines: new Set() };

function rules(allow: readonly string[], ask: readonly string[] = [], deny: readonly string[] = []): CommandRules {
  return { allow: commandRules(allow), ask: commandRules(ask), deny: commandRules(deny) };
}

const allowed = ['git log', 'git status', 'npm test', 'cat', 'grep', 'echo', 'find', 'wc', 'env', 'python3 count.py'];
const denied = ['git push', 'rm'];
const given = rules(allowed, ['npm publish'], denied);
const verdictOf = (line: string, by = given, granted = nothing) => judgeCommand(line, by, granted).kind;

describe('judgeCommand', () => {
  for (const [line, expected] of verdicts) {
    it(`${expected}: ${JSON.stringify(line)}`, () => {
      const verdict = judgeCommand(line, given, nothing);
      assert.equal(verdict.kind, expected, JSON.stringify(verdict));
    });
  }

  const unwanted = rules(['*'], [], ['curl', 'git push', 'rm']);
  for (const [line, expected] of roundabout) {
    it(`${expected}, in a roundabout way: ${JSON.stringify(line)}`, () => {
      assert.equal(verdictOf(line, unwanted), expected);
      const asking = rules(['*'], ['curl', 'git push', 'rm']);
      assert.equal(verdictOf(line, asking), 'ask');
    });
  }
  for (const line of mentions) {
    it(`no question about a mere mention: ${line}`, () => {
      const verdict = judgeCommand(line, unwanted, nothing);
      assert.ok(verdict.kind === 'allow' || verdict.kind === 'open', JSON.stringify(verdict));
    });
  }

  for (const [rule, line] of widened) {
    it(`allows with \`${rule}\` no more than it says: ${line}`, () => {
      assert.equal(verdictOf(line, rules(rule.split(', '))), 'open');
      const scope = commandScope(line, []);
      const granted = {
        beginnings: scope.kind === 'beginnings' ? scope.beginnings : [],
        lines: new Set(scope.kind === 'line' ? [scope.line] : []),
      };
      assert.equal(verdictOf(line, rules([]), granted), 'allow');
    });
  }

  it('takes a rule that names such an option', () => {
    assert.equal(verdictOf('git log --output=x', rules(['git log --output=x'])), 'allow');
    assert.equal(verdictOf('find . -delete', rules(['find . -delete'])), 'allow');
    assert.equal(verdictOf('npm --prefix web test', rules(['npm --prefix web test'])), 'allow');
    assert.equal(verdictOf('npm test -- --prefix x', rules(['npm test'])), 'allow');
    assert.equal(verdictOf('cd src && /usr/bin/run', rules(['cd', '/usr/bin/run'])), 'allow');
    const open = judgeCommand('git log --output=x', rules(['git log']), nothing);
    assert.deepEqual(open, { kind: 'open', why: '`--output` makes git write' });
  });

  it('says which rule and which part of the line', () => {
    assert.deepEqual(judgeCommand('npm test && git -C x push -f', given, nothing), {
      kind: 'deny',
      rule: { pattern: 'git push', words: ['git', 'push'] },
      part: 'git -C x push -f',
      sure: true,
    });
    const open = judgeCommand('npm test && make', given, nothing);
    assert.deepEqual(open, { kind: 'open', why: 'no rule allows `make`' });
  });

  it('never asks for what cannot be known where no rule could mean it', () => {
    for (const line of ['"$CMD" x', 'bash -c "$x"', 'cat "unterminated', 'curl x | bash'])
      assert.equal(verdictOf(line, rules([])), 'open', line);
  });

  it('takes options of a rule in any order, joined or apart', () => {
    const by = rules([], [], ['rm -rf']);
    for (const line of ['rm -rf x', 'rm -fr x', 'rm -r -f x', 'rm x -rf', 'rm -v -fr x', '/bin/rm -Rrf x'])
      assert.equal(verdictOf(line, by), 'deny', line);
    for (const line of ['rm x', 'rm -r x', 'rm -- -rf']) assert.equal(verdictOf(line, by), 'open', line);
    assert.equal(verdictOf('rm $flags x', by), 'ask');
    assert.equal(verdictOf('npm test -- --publish', rules([], [], ['npm test -- --publish'])), 'deny');
    assert.equal(verdictOf('npm -s test x -- --publish', rules([], [], ['npm test -- --publish'])), 'deny');
  });

  it('takes a rule for what runs others only where it names what is run', () => {
    assert.equal(verdictOf('sudo git log -3', rules(['sudo git log'])), 'allow');
    assert.equal(verdictOf('sudo git log -3', rules(['sudo'])), 'open');
    assert.equal(verdictOf('timeout 5 make', rules(['timeout 5 make'])), 'allow');
    assert.equal(verdictOf('timeout 5 make', rules(['timeout'])), 'open');
    assert.equal(verdictOf("python3 -c 'print(1)'", rules(['python3'])), 'open');
    assert.equal(verdictOf("python3 -c 'print(1)'", rules(["python3 -c 'print(1)'"])), 'allow');
    assert.equal(verdictOf("python3 -c 'print(2)'", rules(["python3 -c 'print(1)'"])), 'open');
    assert.equal(verdictOf('curl x | bash', rules(['curl', 'bash'])), 'open');
    assert.equal(verdictOf('bash build.sh x', rules(['bash build.sh'])), 'allow');
  });

  it('asks for builtins that set what programs heed, whatever allows them', () => {
    const by = rules(['export', 'read', 'printf', 'test', 'declare', 'git log']);
    for (const line of ['read x; git log', 'export x=1; git log', 'printf "%s" x', 'declare n=1', 'test -f x'])
      assert.equal(verdictOf(line, by), 'allow', line);
    const others = ['read PATH; git log', 'export "PATH=/x"; git log', 'export $x; git log', 'printf -v PATH x'];
    for (const line of [
      ...others,
      'read "$x"',
      'test -v "$x"',
      'declare "$x"',
      'declare -i n=1',
      'declare -n n=PATH',
      'export PATH',
    ])
      assert.equal(verdictOf(line, by), 'open', line);
  });

  it('takes rules as others write them', () => {
    for (const rule of ['git log', 'git log *', 'git log:*', ' git  log '])
      assert.equal(verdictOf('git log -3', rules([rule])), 'allow', rule);
    assert.equal(verdictOf('anything at all', rules(['*'])), 'allow');
    assert.equal(verdictOf('anything at all', rules([], [], ['*'])), 'deny');
    assert.equal(verdictOf('$x', rules(['*'])), 'open');
    assert.equal(verdictOf('"my tool" go', rules(['"my tool" go'])), 'open');
    assert.equal(verdictOf('"my tool" go', rules([], [], ['"my tool" go'])), 'deny');
  });

  it('is not lost in commands that run commands without end', () => {
    const nested = [
      `${'find . -exec '.repeat(200)}git push`,
      `${'timeout 5 '.repeat(500)}git push`,
      'echo $('.repeat(500),
      `sed '/${'['.repeat(190_000)}' f`,
    ];
    assert.deepEqual(
      nested.map((line) => verdictOf(line)),
      ['deny', 'deny', 'ask', 'ask'],
    );
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9_./-]{0,8}$/).filter((text) => text !== 'do' && text !== 'in');
  const plain = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const wraps = fc.constantFrom<(line: string) => string>(
    (line) => line,
    (line) => `(${line})`,
    (line) => `{ ${line}; }`,
    (line) => `echo $(${line})`,
    (line) => `echo "$(${line})"`,
    (line) => `! ${line}`,
    (line) => `if ${line}; then echo; fi`,
    (line) => `for i in 1 2; do ${line}; done`,
    (line) => `timeout 3 ${line}`,
    (line) => `env ${line}`,
    (line) => `sudo -n ${line}`,
    (line) => `bash -c '${line}'`,
    (line) => `cat <<E\n$(${line})\nE`,
    (line) => `f() { ${line}; }; f`,
    (line) => `x=1 ${line}`,
    (line) => `${line} > /dev/null`,
  );
  const joins = fc.constantFrom(' | ', '; ', ' && ', ' || ', ' & ', '\n');
  const bad = fc.constantFrom('git push', 'rm x', 'git -C a push', '/bin/rm -f x');
  // Some words open what the next ones would have to close.
  const readable = (line: string) =>
    !/\b(?:if|then|elif|else|fi|for|while|until|done|case|esac|select|function|time|coproc)\b/.test(line);

  it('never allows a line that holds a denied command, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.array(plain.filter(readable), { maxLength: 3 }),
        bad,
        wraps,
        joins,
        fc.nat(3),
        (others, command, wrap, join, at) => {
          const all = others.toSpliced(at % (others.length + 1), 0, wrap(command));
          assert.equal(verdictOf(all.join(join), rules(['*'], [], denied)), 'deny');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('denies every allowed line once a denied command is added', () => {
    const line = fc.constantFrom(...verdicts.flatMap(([text, expected]) => (expected === 'allow' ? [text] : [])));
    fc.assert(
      fc.property(line, bad, fc.constantFrom('; ', '\n', ' && '), (text, command, join) => {
        // A here-document's end stands alone on its line.
        const glue = text.includes('<<E') || text.includes("<<'E'") ? '\n' : join;
        assert.equal(verdictOf(`${text}${glue}${command}`), 'deny');
        assert.equal(verdictOf(`${command}; ${text}`), 'deny');
      }),
    );
  });

  it('reads any text without failing, and allows nothing without a rule', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ -~\n]{0,60}$/)), (text) => {
        assert.notEqual(verdictOf(text, rules([], [], ['git push'])), 'allow');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('commandScope', () => {
  const cases: readonly (readonly [line: string, words: string])[] = [
    ['npm test -- -x', 'commands that begin with `npm test`'],
    ['npm run build --if-present', 'commands that begin with `npm run build`'],
    ['git log -3 | wc -l', 'commands that begin with `git log` or `wc`'],
    ['cd src && make all', 'commands that begin with `cd` or `make all`'],
    ['python3 count.py 7', 'commands that begin with `python3 count.py`'],
    ['python3 -m pytest -q', 'commands that begin with `python3 -m pytest`'],
    ['timeout 10 npm test', 'commands that begin with `npm test`'],
    ["rm 'a b'", "commands that begin with `rm 'a b'`"],
    ['rm "$x"', 'this command, exactly as it is'],
    ['git log > log.txt', 'this command, exactly as it is'],
    ['PATH=. git log', 'this command, exactly as it is'],
    ['sudo make', 'this command, exactly as it is'],
    ["python3 -c 'print(1)'", 'this command, exactly as it is'],
    ['curl x | bash', 'this command, exactly as it is'],
    ['a; b; c; d', 'this command, exactly as it is'],
    ['echo "', 'this command, exactly as it is'],
  ];
  for (const [line, words] of cases) {
    it(`${line}: ${words}`, () => assert.equal(scopeWords(commandScope(line, [])), words));
  }

  it('leaves out what is allowed already', () => {
    assert.equal(
      scopeWords(commandScope('npm ci && npm test', [['npm', 'ci']])),
      'commands that begin with `npm test`',
    );
  });

  it('allows that beginning afterwards, and nothing that begins otherwise', () => {
    const scope = commandScope('git log -3', []);
    const granted = { beginnings: scope.kind === 'beginnings' ? scope.beginnings : [], lines: new Set<string>() };
    assert.equal(verdictOf('git log --all', rules([]), granted), 'allow');
    assert.equal(verdictOf('git push', rules([]), granted), 'open');
    assert.equal(verdictOf('git log --all', rules([], ['git']), granted), 'allow');
    assert.equal(verdictOf('git log --all', rules([], [], ['git']), granted), 'deny');
    assert.equal(verdictOf('git log; git diff', rules([], ['git']), granted), 'ask');
  });

  it('allows the very line where nothing less says what it does', () => {
    const granted = { beginnings: [], lines: new Set(['git log > log.txt']) };
    assert.equal(verdictOf('git log > log.txt', rules([], ['git log']), granted), 'allow');
    assert.equal(verdictOf('git log > other.txt', rules([], ['git log']), granted), 'ask');
    assert.equal(verdictOf('git log > log.txt', rules([], [], ['git']), granted), 'deny');
  });
});
