import assert from 'node:assert/strict';
import { z } from 'zod';
import { parseCall } from '../../src/cli/arguments.ts';
import { commands, optionsOf } from '../../src/cli/options.ts';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const settingsSchema = z.looseObject({ retention: z.looseObject({}), budget: z.looseObject({}) });
const read: Step = { content: call('workspace', 'read_file', { path: 'notes.md' }) };
const list: Step = { content: call('workspace', 'list_files', { path: '.' }) };
const known: Step = { content: 'I know it.' };
const answer: Step = { content: '\\boxed{8080}' };

describe('the options of a run', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;

  const serve = async (script: readonly Step[]) => {
    server = await scriptedServer({ script, repeatLast: true });
  };
  const ask = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await line.run([
      'ask',
      'Which port?',
      '--base-url',
      server.baseUrl,
      '--json',
      ...words,
    ]);
    return { code, stderr, events: eventsOf(stdout) };
  };
  const settingsOf = (events: ReturnType<typeof eventsOf>, type = 'run.started') =>
    settingsSchema.parse(events.find((event) => event.type === type)?.['settings']);

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
    await serve([known, answer]);
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  const cases: readonly (readonly [words: readonly string[], settings: Readonly<Record<string, unknown>>])[] = [
    [
      [],
      {
        retention: { policy: 'recency', keep: 5, slack: 10 },
        ...{ attempts: 5, maxTurns: 600, maxCalls: 600, budget: {}, seed: undefined },
        ...{ subAgents: false, approval: 'sandbox', network: 'off', answer: 'full', contextWindow: 262_144 },
      },
    ],
    [['--keep', '-1'], { retention: { policy: 'recency', keep: -1, slack: 10 } }],
    [['--keep=3', '--slack', '0'], { retention: { policy: 'recency', keep: 3, slack: 0 } }],
    [['--protocol', 'paper'], { retention: { policy: 'recency', keep: 5, slack: 0 } }],
    [['--retention', 'watermark'], { retention: { policy: 'watermark', keep: 5, high: 0.9, low: 0.35 } }],
    [
      ['--attempts', '2', '--max-turns', '30', '--max-calls', '40', '--sub-agents', '--context', '8192'],
      { attempts: 2, maxTurns: 30, maxCalls: 40, subAgents: true, contextWindow: 8192 },
    ],
    [
      [
        '--budget-minutes',
        '1.5',
        '--budget-tokens',
        '9',
        '--budget-prompt-tokens',
        '8',
        '--budget-completion-tokens',
        '7',
      ],
      { budget: { minutes: 1.5, tokens: 9, promptTokens: 8, completionTokens: 7 } },
    ],
    [['--seed', '0', '--network', 'on', '--answer', 'short'], { seed: 0, network: 'on', answer: 'short' }],
    [['--auto-approve', 'none'], { approval: 'ask' }],
  ];
  for (const [words, wanted] of cases) {
    it(`ask ${words.join(' ') || 'without any'} is in the log`, async () => {
      const { code, stderr, events } = await ask(...words);
      assert.equal(code, 0, stderr);
      const settings = settingsOf(events);
      assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, settings[name]])), wanted);
    });
  }

  it('sends --seed, another one for each try of the same prompt, and none without it', async () => {
    await server.close();
    await serve([read, { content: 'No.' }, { content: 'No box.' }, answer]);
    await ask('--seed', '7');
    assert.deepEqual(
      server.requests.map(({ body }) => body['seed']),
      [7, 7, 7, 8],
    );
    await server.close();
    await serve([known, answer]);
    await ask();
    assert.deepEqual(
      server.requests.map(({ body }) => 'seed' in body),
      [false, false],
    );
  });

  const omitted = () =>
    server.requests.map(({ text }) => text.split('Tool result is omitted to save tokens.').length - 1);
  const policies: readonly (readonly [words: readonly string[], omitted: readonly number[]])[] = [
    [
      ['--keep', '1', '--slack', '2'],
      [0, 0, 0, 0, 3, 3, 3],
    ],
    [
      ['--keep', '1', '--protocol', 'paper'],
      [0, 0, 1, 2, 3, 4, 4],
    ],
    [
      ['--keep', '1', '--retention', 'watermark'],
      [0, 0, 0, 0, 0, 0, 0],
    ],
    [
      ['--keep', '-1'],
      [0, 0, 0, 0, 0, 0, 0],
    ],
  ];
  for (const [words, wanted] of policies) {
    it(`${words.join(' ')} masks so many results in the requests of a run of five calls`, async () => {
      await server.close();
      const paths = ['a', 'b', 'c', 'd', 'e'];
      const calls = paths.map((path) => ({ content: call('workspace', 'read_file', { path }) }));
      await serve([...calls, known, answer]);
      await ask(...words);
      assert.deepEqual(omitted(), wanted);
    });
  }

  it('lets the model hand a subtask to a nested run with --sub-agents only', async () => {
    await ask();
    assert.doesNotMatch(server.requests[0]?.text ?? '', /search_and_browse/);
    await server.close();
    const subtask = { content: call('agent-browsing', 'search_and_browse', { subtask: 'Find the port.' }) };
    const found = { content: 'It stands in notes.md.\n\n\\boxed{8080}' };
    await serve([subtask, known, found, known, answer]);
    const { code, stderr } = await ask('--sub-agents');
    assert.equal(code, 0, stderr);
    assert.match(server.requests[3]?.text ?? '', /It stands in notes\.md\./);
    const { stdout } = await line.run(['runs']);
    assert.match(stdout, /Find the port\. {2}\(subtask of \d{8}-\d{6}-[0-9a-f]{6}\)$/m);
    const shown = await line.run(['show', 'last', '--turn', '1']);
    assert.match(shown.stdout, /Observation \(ok, [\d.]+s, run \d{8}-/);
  });

  it('starts --attempts afresh when the turns of one are used up, and tells each of its predecessors', async () => {
    await server.close();
    await serve([read, { content: 'Failure type: blocked\nUseful findings: none' }, list, known, answer]);
    const { code, events } = await ask('--attempts', '2', '--max-turns', '1');
    assert.equal(code, 0);
    const types = events.map((event) => event.type);
    assert.deepEqual(
      types.filter((type) => type.startsWith('attempt.')),
      ['attempt.ended', 'attempt.started'],
    );
    assert.match(server.requests[2]?.text ?? '', /Attempt 1 \(blocked\)/);
  });

  it('ends the research at --max-calls and at --budget-tokens, with an answer', async () => {
    for (const [words, reason] of [
      [['--max-calls', '1'], 'calls'],
      [['--budget-tokens', '10'], 'tokens'],
      [['--budget-prompt-tokens', '10'], 'tokens'],
      [['--budget-completion-tokens', '10'], 'tokens'],
      [['--budget-minutes', '0.00001'], 'minutes'],
    ] as const) {
      await server.close();
      await serve([read, answer]);
      const { code, events } = await ask(...words);
      assert.equal(code, 0);
      assert.equal(events.find((event) => event.type === 'answer.requested')?.['reason'], reason, words.join(' '));
    }
  });

  it('resume keeps what the run had, changes what is named, and --slack leaves the watermark', async () => {
    await server.close();
    await serve([{ content: 'No box.' }]);
    const limited = await ask(
      '--retention',
      'watermark',
      '--attempts',
      '1',
      '--seed',
      '3',
      '--budget-tokens',
      '900000',
    );
    assert.equal(limited.code, 2);
    const resume = async (...words: readonly string[]) => {
      const { stdout } = await line.run(['resume', 'last', '--json', ...words]);
      const events = eventsOf(stdout);
      return settingsSchema.parse(events.findLast((event) => event.type === 'run.resumed')?.['settings']);
    };
    const same = await resume();
    assert.deepEqual(same, settingsOf(limited.events));
    const changed = await resume('--slack', '2', '--budget-minutes', '5', '--max-turns', '9');
    assert.deepEqual(changed.retention, { policy: 'recency', keep: 5, slack: 2 });
    assert.deepEqual([changed.budget, changed['seed'], changed['maxTurns']], [{ minutes: 5 }, 3, 9]);
  });

  const nonsense: readonly (readonly [words: readonly string[], message: RegExp])[] = [
    [['ask', 'x', '--slack', '3', '--retention', 'watermark'], /--slack belongs to --retention recency/],
    [['ask', 'x', '--protocol', 'paper', '--slack', '0'], /leave out --slack/],
    [['ask', 'x', '--protocol', 'paper', '--retention', 'recency'], /leave out --retention/],
    [['ask', 'x', '--protocol', 'other'], /--protocol/],
    [['ask', 'x', '--keep', '-1', '--slack', '3'], /--keep -1 keeps every result/],
    [['ask', 'x', '--keep', '-2'], /--keep/],
    [['ask', 'x', '--rollouts', '3', '--model', 'embedded'], /always answers the same/],
    [['ask', 'x', '--rollouts', '0'], /--rollouts/],
    [['ask', 'x', '--seed', ''], /--seed: it takes a number/],
    [['ask', 'x', '--max-turns', '1.5'], /--max-turns: it takes a whole number/],
    [['ask', 'x', '--budget-minutes', '0'], /--budget-minutes/],
    [['ask', 'x', '--turn', '3'], /--turn/],
    [['show', 'last', '--prompt'], /name it with --turn/],
    [['show', 'last', '--keep', '3'], /--keep/],
    [['answer', 'last', '--max-turns', '3'], /--max-turns/],
    [['resume', 'last', '--rollouts', '3'], /--rollouts/],
    [['fork'], /fork takes one run/],
  ];
  it('refuses what makes no sense, and says why', () => {
    for (const [words, message] of nonsense) {
      assert.throws(() => parseCall(words), { name: 'UsageError', message }, words.join(' '));
    }
  });

  it('--help names every option that there is', async () => {
    const { stdout } = await line.run(['--help']);
    for (const command of commands) {
      assert.match(stdout, new RegExp(`^ {2}${command}\\b`, 'm'));
      for (const name of Object.keys(optionsOf(command))) assert.ok(stdout.includes(`--${name}`), name);
    }
  });
});
