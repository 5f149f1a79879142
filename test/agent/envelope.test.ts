import assert from 'node:assert/strict';
import { z } from 'zod';
import { run } from '../../src/agent/loop.ts';
import { callBlock } from '../../src/agent/messages.ts';
import type { ApprovalRequest, Decision } from '../../src/agent/ports.ts';
import { defineTool, type Tool } from '../../src/agent/tool.ts';
import { noRules, type Envelope } from '../../src/shared/envelope.ts';
import type { CallRequest } from '../../src/shared/events.ts';
import type { ApprovalPolicy, RunSettings } from '../../src/shared/runSettings.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const answer = 'Known.\n\n\\boxed{done}';

/** A tool `tool-python.run_command` that gives back its line. */
function commandTool(unconfined?: string): Tool & { readonly ran: string[] } {
  const ran: string[] = [];
  const tool = defineTool({
    server: 'tool-python',
    name: 'run_command',
    description: 'Runs a command.',
    input: z.object({ command: z.string() }),
    effect: 'execute',
    unconfined: () => unconfined,
    run: async ({ command }) => {
      ran.push(command);
      return { content: `ran ${command}` };
    },
  });
  return { ...tool, ran };
}

function command(line: string): string {
  return `<think>I look.</think>\n\n${callBlock({ server: 'tool-python', tool: 'run_command', arguments: { command: line } })}`;
}

/** Lets a run make these calls in order; `decide` is the person, who is asked what stands in `asked`. */
async function runOf(
  replies: readonly string[],
  settings: Partial<RunSettings>,
  decide: (call: CallRequest, count: number) => Decision = () => ({ decision: 'deny' }),
  tools: { readonly command?: Tool & { readonly ran: string[] } } = {},
) {
  const [echo, commands] = [echoTool(), tools.command ?? commandTool()];
  const { ports, start, events, types } = world(
    scriptedModel([...replies, answer, answer]),
    [echo, commands],
    settings,
  );
  const asked: (ApprovalRequest & { readonly call: CallRequest })[] = [];
  const approval = {
    decide: async (call: CallRequest, request: ApprovalRequest) => {
      asked.push({ ...request, call });
      return decide(call, asked.length);
    },
  };
  const end = await run(await start(), { ...ports, approval }, never);
  assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  const finished = events.flatMap((event) => (event.type === 'tool.finished' ? [event] : []));
  return { asked, finished, events, types: types(), ran: commands.ran, echoed: echo.ran };
}

function envelope(rules: {
  readonly tools?: Partial<Envelope['tools']>;
  readonly commands?: Partial<Envelope['commands']>;
  readonly repository?: { readonly tools?: readonly string[]; readonly commands?: readonly string[] };
}): Envelope {
  const deny = (patterns: readonly string[] = []) => ({ ask: [], deny: patterns });
  return {
    tools: { ...noRules, ...rules.tools },
    commands: { ...noRules, ...rules.commands },
    ...(rules.repository && {
      repository: { tools: deny(rules.repository.tools), commands: deny(rules.repository.commands), words: [] },
    }),
  };
}

describe('the approval policy', () => {
  const policies: readonly (readonly [ApprovalPolicy, asked: readonly string[]])[] = [
    ['ask', ['echo', 'run_command']],
    ['write', ['run_command']],
    ['sandbox', []],
    ['auto', []],
  ];
  for (const [approval, expected] of policies) {
    it(`${approval}: ${expected.join(' and ') || 'nothing'} asks`, async () => {
      const { asked } = await runOf([echoCall('a'), command('ls')], { approval });
      assert.deepEqual(
        asked.map(({ call }) => call.tool),
        expected,
      );
    });
  }
});

describe('a rule', () => {
  it('lets what it allows run without a question, whatever the policy', async () => {
    const rules = envelope({ tools: { allow: ['notes.*'] }, commands: { allow: ['npm test'] } });
    const calls = [echoCall('a'), command('npm test -- -x')];
    const { asked, ran, echoed } = await runOf(calls, { approval: 'ask', envelope: rules });
    assert.deepEqual([asked, ran, echoed], [[], ['npm test -- -x'], ['a']]);
  });

  it('asks, whatever the policy, and says so in words', async () => {
    const rules = envelope({ tools: { ask: ['echo'] }, commands: { ask: ['npm publish'], deny: ['git push'] } });
    const calls = [echoCall('a'), command('npm ci; npm publish'), command('"$CMD" x')];
    const { asked } = await runOf(calls, { approval: 'auto', envelope: rules });
    assert.deepEqual(
      asked.map(({ reason }) => reason),
      [
        'Your rule `echo` asks first.',
        'Your rule `npm publish` asks first. It is about `npm publish`.',
        'It may be what your rule `git push` means: what it runs shows only when it runs.',
      ],
    );
  });

  it('says which part no rule allows', async () => {
    const rules = envelope({ commands: { allow: ['npm test'] } });
    const { asked } = await runOf([command('npm test | tee out.txt')], { approval: 'ask', envelope: rules });
    assert.equal(asked[0]?.reason, 'It runs code in the sandbox. No rule allows `tee out.txt`.');
  });

  it('denies without asking: the call is not made, and the model learns which rule it was', async () => {
    const rules = envelope({ tools: { deny: ['echo'] }, commands: { deny: ['git push'] } });
    const calls = [echoCall('a'), command('npm test && git -C x push')];
    const { asked, finished, types, ran, echoed } = await runOf(calls, { approval: 'auto', envelope: rules });
    assert.deepEqual([asked, ran, echoed], [[], [], []]);
    assert.ok(!types.includes('tool.started'));
    assert.deepEqual(
      finished.map(({ outcome }) => outcome),
      ['denied', 'denied'],
    );
    assert.match(finished[0]?.content ?? '', /a rule that the person set denies the tool `echo`/);
    assert.match(finished[1]?.content ?? '', /the person set denies commands like `git push`.*`git -C x push`/);
  });

  it('of the repository denies too, and is named as its own', async () => {
    const rules = envelope({
      tools: { allow: ['*'] },
      commands: { allow: ['*'] },
      repository: { tools: ['echo'], commands: ['curl'] },
    });
    const { finished, ran } = await runOf([echoCall('a'), command('curl x')], { approval: 'auto', envelope: rules });
    assert.deepEqual(ran, []);
    for (const { content } of finished) assert.match(content, /\.mirothinker\.json of this workspace denies/);
  });

  it('allows nothing that would run unconfined', async () => {
    const rules = envelope({ tools: { allow: ['*'] }, commands: { allow: ['*'] } });
    const tool = commandTool('It would run without confinement.');
    const once = () => ({ decision: 'run' }) as const;
    const { asked, ran } = await runOf([command('ls'), command('ls -a')], { approval: 'auto', envelope: rules }, once, {
      command: tool,
    });
    assert.equal(ran.length, 2);
    assert.deepEqual(
      asked.map(({ reason, scope, unconfined }) => [reason, scope, unconfined]),
      [1, 2].map(() => ['It would run without confinement.', '', true]),
    );
  });
});

describe('allowing for this run', () => {
  const forRun = () => ({ decision: 'run' }) as const;

  it('allows the beginning of a command that was shown, not every command', async () => {
    const calls = [command('npm test -- -a'), command('npm test -- -b'), command('make')];
    const { asked, ran, events } = await runOf(calls, { approval: 'ask' }, forRun);
    assert.equal(ran.length, 3);
    assert.deepEqual(
      asked.map(({ scope }) => scope),
      ['commands that begin with `npm test`', 'commands that begin with `make`'],
    );
    const requested = events.find((event) => event.type === 'approval.requested');
    assert.equal(requested?.scope, 'commands that begin with `npm test`');
  });

  it('allows a tool that runs no command by its name', async () => {
    const { asked, echoed } = await runOf([echoCall('a'), echoCall('b')], { approval: 'ask' }, forRun);
    assert.deepEqual(echoed, ['a', 'b']);
    assert.deepEqual(
      asked.map(({ scope }) => scope),
      ['`echo`, whatever it is given'],
    );
  });

  it('goes before a rule that asks, and never before one that denies', async () => {
    const rules = envelope({ commands: { ask: ['npm'], deny: ['npm test -- --publish'] } });
    const calls = [command('npm test'), command('npm test -- -a'), command('npm test -- --publish')];
    const { asked, ran, finished } = await runOf(calls, { approval: 'auto', envelope: rules }, forRun);
    assert.equal(asked.length, 1);
    assert.deepEqual(ran, ['npm test', 'npm test -- -a']);
    assert.equal(finished[2]?.outcome, 'denied');
  });

  it('is no word for what an edit made of it', async () => {
    const edited = (_: CallRequest, count: number) =>
      count === 1 ? { decision: 'run' as const, arguments: { command: 'ls' } } : ({ decision: 'deny' } as const);
    const calls = [command('make clean'), command('make clean')];
    const { asked, ran } = await runOf(calls, { approval: 'ask' }, edited);
    assert.equal(asked.length, 2);
    assert.deepEqual(ran, ['ls']);
  });

  it('is not read from the log: a resumed run asks again', async () => {
    const tool = commandTool();
    const { ports, start } = world(scriptedModel([command('make'), answer, answer]), [tool], { approval: 'ask' });
    const before = await start();
    const approval = { decide: async () => ({ decision: 'run' }) as const };
    const first = await run(before, { ...ports, approval }, never);
    let asked = 0;
    const again = world(scriptedModel([command('make'), answer, answer]), [tool], { approval: 'ask' });
    const deny = {
      decide: async () => {
        asked += 1;
        return { decision: 'deny' } as const;
      },
    };
    await run(
      { ...first, state: { kind: 'thinking', since: 0 }, items: before.items },
      { ...again.ports, approval: deny },
      never,
    );
    assert.equal(asked, 1);
  });
});

describe('an edited command', () => {
  it('is judged by the rules again: one that is denied is not made, and the person is asked once more', async () => {
    const rules = envelope({ commands: { deny: ['git push'] } });
    const given = ['git push -f', 'git status'];
    const edited = () => ({ decision: 'once' as const, arguments: { command: given.shift() ?? '' } });
    const { asked, ran, finished } = await runOf([command('git log')], { approval: 'ask', envelope: rules }, edited);
    assert.deepEqual(ran, ['git status']);
    assert.match(
      asked[1]?.reason ?? '',
      /cannot run as it was edited: Your rule `git push` denies it\. It stands in `git push -f`/,
    );
    assert.match(finished[0]?.content ?? '', /git status/);
  });
});

describe('a call that starts together with its reply', () => {
  it('skips no rule', async () => {
    const rules = envelope({ commands: { ask: ['make'], deny: ['rm'] } });
    const calls = [command('ls'), command('make'), command('rm x')];
    const { events } = await runOf(calls, { approval: 'auto', envelope: rules });
    const behind = events.flatMap((event, at) => (event.type === 'model.replied' ? [events[at + 1]?.type] : []));
    assert.deepEqual(behind.slice(0, 3), ['tool.started', 'approval.requested', 'tool.finished']);
  });
});
