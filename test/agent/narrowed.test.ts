import assert from 'node:assert/strict';
import fc from 'fast-check';
import { domainAllowed } from '../../src/agent/domains.ts';
import { noRules, plainEnvelope } from '../../src/shared/envelope.ts';
import { narrowed, narrowingSchema, type Narrowing } from '../../src/agent/narrowed.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import { judgeCall, type Judgement } from '../../src/agent/permission.ts';
import type { Tool } from '../../src/agent/tool.ts';
import { testSettings } from '../agent/world.ts';

const file = (narrowing: Narrowing, place = 'docs/.mirothinker.json') => ({ place, narrowing });
const parse = (text: unknown) => narrowingSchema.parse(text);

describe('narrowed', () => {
  const open: RunSettings = { ...testSettings, approval: 'auto', network: 'on', workspace: 'read-write' };

  it('changes nothing without a file, and forgets what a file said before', () => {
    assert.deepEqual(narrowed(open, []), open);
    const once = narrowed(open, [file(parse({ commands: { deny: ['curl'] } }))]);
    assert.deepEqual(narrowed(once, []).envelope, plainEnvelope);
  });

  it('takes the narrower of each', () => {
    const given = parse({ approval: 'ask', network: 'off', workspace: 'read-only' });
    const { approval, network, workspace } = narrowed(open, [file(given)]);
    assert.deepEqual([approval, network, workspace], ['ask', 'off', 'read-only']);
    const wide = parse({ approval: 'auto', network: 'on', workspace: 'read-write' });
    const tight: RunSettings = { ...open, approval: 'ask', network: 'off', workspace: 'read-only' };
    const after = narrowed(tight, [file(wide)]);
    assert.deepEqual([after.approval, after.network, after.workspace], ['ask', 'off', 'read-only']);
  });

  it('leaves of the domains what both list', () => {
    const listed: RunSettings = { ...open, network: 'allowlist', domains: ['example.org', 'pypi.org'] };
    const given = parse({ domains: ['docs.example.org', 'npmjs.com'] });
    assert.deepEqual(narrowed(listed, [file(given)]).domains, ['docs.example.org']);
    const whole = narrowed(open, [file(given)]);
    assert.deepEqual([whole.network, whole.domains], ['allowlist', ['docs.example.org', 'npmjs.com']]);
    assert.equal(narrowed({ ...listed, domains: ['pypi.org'] }, [file(given)]).network, 'off');
    assert.equal(narrowed({ ...open, network: 'off' }, [file(given)]).network, 'off');
  });

  it('joins the files of several roots', () => {
    const all = [
      file(parse({ commands: { deny: ['curl'] }, approval: 'sandbox' }), 'a/.mirothinker.json'),
      file(
        parse({ commands: { deny: ['wget'] }, tools: { ask: ['write_file'] }, approval: 'write' }),
        'b/.mirothinker.json',
      ),
    ];
    const { approval, envelope } = narrowed(open, all);
    assert.equal(approval, 'write');
    assert.deepEqual(envelope.repository?.commands.deny, ['curl', 'wget']);
    assert.deepEqual(envelope.repository.words, [
      'a/.mirothinker.json: denies commands: curl',
      'a/.mirothinker.json: approval: sandbox in place of auto',
      'b/.mirothinker.json: denies commands: wget',
      'b/.mirothinker.json: asks for tools: write_file',
      'b/.mirothinker.json: approval: write in place of auto',
    ]);
  });

  it('says what counts for nothing', () => {
    const given = parse({ commands: { allow: ['rm'] }, approval: 'auto' });
    const tight: RunSettings = { ...open, approval: 'ask' };
    assert.deepEqual(narrowed(tight, [file(given)]).envelope.repository?.words, [
      '`commands.allow`, `approval` auto counts for nothing: a repository only narrows',
    ]);
  });

  const pattern = fc.constantFrom('git push', 'npm test', 'ls', 'rm', '*');
  const toolPattern = fc.constantFrom('run_command', 'write_file', 'workspace.*', '*');
  const lists = (one: fc.Arbitrary<string>) =>
    fc.record({
      allow: fc.array(one, { maxLength: 2 }),
      ask: fc.array(one, { maxLength: 2 }),
      deny: fc.array(one, { maxLength: 2 }),
    });
  const approval = fc.constantFrom('ask', 'write', 'sandbox', 'auto');
  const network = fc.constantFrom('off', 'allowlist', 'on');
  const workspace = fc.constantFrom('read-write', 'read-only', 'overlay');
  const domains = fc.array(fc.constantFrom('a.org', '=a.org', '*.a.org', 'x.a.org:80', 'b.org:8080'), { maxLength: 3 });
  const settings = fc
    .record({ approval, network, workspace, domains, tools: lists(toolPattern), commands: lists(pattern) })
    .map(({ tools, commands, ...rest }): RunSettings => ({ ...testSettings, ...rest, envelope: { tools, commands } }));
  const narrowing = fc
    .record(
      { approval, network, workspace, domains, tools: lists(toolPattern), commands: lists(pattern) },
      { requiredKeys: [] },
    )
    .map(parse);
  const calls = fc.constantFrom(
    tool('tool-python', 'run_command', 'execute', { command: 'npm test' }),
    tool('tool-python', 'run_command', 'execute', { command: 'ls | rm x' }),
    tool('tool-python', 'run_command', 'execute', { command: '"$x"' }),
    tool('workspace', 'write_file', 'write', {}),
    tool('workspace', 'read_file', 'read', {}),
  );
  const rank = ({ kind }: Judgement) => ['deny', 'ask', 'run'].indexOf(kind);

  it('widens nothing, whatever the file says', () => {
    fc.assert(
      fc.property(settings, fc.array(narrowing, { maxLength: 3 }), calls, (before, files, [of, args]) => {
        const after = narrowed(
          before,
          files.map((given) => file(given)),
        );
        assert.ok(rank(judgeCall(of, args, after, new Set())) <= rank(judgeCall(of, args, before, new Set())));
        for (const host of ['a.org', 'x.a.org', 'b.org', 'c.org']) {
          for (const port of [80, 443, 8080]) assert.ok(reaches(before, host, port) || !reaches(after, host, port));
        }
        const accesses = ['read-only', 'overlay', 'read-write'];
        assert.ok(accesses.indexOf(after.workspace) <= accesses.indexOf(before.workspace));
        assert.deepEqual(
          [after.envelope.tools, after.envelope.commands],
          [before.envelope.tools, before.envelope.commands],
        );
        const { approval: _a, network: _n, domains: _d, workspace: _w, envelope: _e, ...rest } = after;
        const { approval: _a2, network: _n2, domains: _d2, workspace: _w2, envelope: _e2, ...same } = before;
        assert.deepEqual(rest, same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same in any order of the files, and twice as once', () => {
    fc.assert(
      fc.property(settings, fc.array(narrowing, { maxLength: 3 }), (before, given) => {
        const files = given.map((one) => file(one));
        const [once, turned] = [narrowed(before, files), narrowed(before, files.toReversed())];
        for (const host of ['a.org', 'x.a.org', 'b.org'])
          for (const port of [80, 443, 8080]) assert.equal(reaches(once, host, port), reaches(turned, host, port));
        assert.deepEqual([once.approval, once.workspace], [turned.approval, turned.workspace]);
        assert.deepEqual(narrowed(once, files).network, once.network);
      }),
    );
  });
});

function reaches({ network, domains }: RunSettings, host: string, port: number): boolean {
  return network === 'on' || (network === 'allowlist' && domainAllowed(domains, host, port));
}

function tool(server: string, name: string, effect: Tool['effect'], args: Record<string, unknown>) {
  const limit = { maxChars: 1, mark: '' };
  const made: Tool = {
    server,
    name,
    effect,
    limit,
    description: '',
    inputSchema: {},
    run: async () => ({ content: '' }),
  };
  return [made, args] as const;
}

describe('narrowingSchema', () => {
  it('takes a small file', () => {
    assert.deepEqual(parse({ commands: { deny: ['git push'] } }).commands, { ...noRules, deny: ['git push'] });
    assert.deepEqual(parse({}), {});
  });

  const broken: readonly unknown[] = [
    [],
    null,
    'off',
    { network: 'none' },
    { command: { deny: ['x'] } },
    { commands: { denied: ['x'] } },
    { commands: ['x'] },
    { commands: { deny: 'x' } },
    { commands: { deny: [''] } },
    { domains: ['https://example.org'] },
    { approval: true },
  ];
  for (const value of broken) {
    it(`refuses ${JSON.stringify(value)}`, () => assert.ok(!narrowingSchema.safeParse(value).success));
  }
});
