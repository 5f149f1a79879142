import assert from 'node:assert/strict';
import { readReport } from '../../src/agent/attempts.ts';
import { run } from '../../src/agent/loop.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const report = `Failure type: blocked
What happened: the archive could not be reached.
Useful findings: the release was in March "echo: found it" [notes.md:3]`;

describe('attempts', () => {
  it('end at the turn limit with a report, and the next begins with all reports and the evidence', async () => {
    const model = scriptedModel([
      echoCall('found it notes.md', 'The file says "echo: found it" [notes.md:3], and "made up" [other.md:1].'),
      report,
      echoCall('b'),
      'Failure type: misdirected\nWhat happened: a wrong track.\nUseful findings: none',
      echoCall('c'),
      'It was March. \\boxed{March}',
    ]);
    const { ports, start, events, types } = world(model, [echoTool()], { maxTurns: 1, attempts: 3 });
    const end = await run(await start('When?'), ports, never);
    assert.deepEqual(
      types().filter((type) => /^(attempt|report|answer|run\.ended)/.test(type)),
      [
        ...['report.requested', 'attempt.ended', 'attempt.started'],
        ...['report.requested', 'attempt.ended', 'attempt.started'],
        ...['answer.requested', 'answer.given', 'run.ended'],
      ],
    );
    const [first, second] = events.filter((event) => event.type === 'attempt.ended');
    assert.deepEqual([first?.failure, first?.reason, second?.failure], ['blocked', 'turns', 'misdirected']);
    assert.deepEqual(first?.evidence, [{ uri: 'notes.md', startLine: 3, quote: 'echo: found it' }]);
    const third = model.requests[4]?.messages ?? [];
    assert.equal(third.length, 2);
    const task = third[1]?.content ?? '';
    assert.match(task, /^When\?/);
    assert.match(
      task,
      /attempt 3 of 3[\s\S]*Attempt 1 \(blocked\)[\s\S]*archive could not be reached[\s\S]*Attempt 2 \(misdirected\)/,
    );
    assert.match(task, /Evidence so far[\s\S]*"echo: found it" \[notes\.md:3\]/);
    assert.doesNotMatch(task, /made up/);
    assert.equal(end.attempt, 3);
    assert.deepEqual(foldAll(events), end);
  });

  it('forbid calls in the report, and let the last attempt answer from what it has', async () => {
    const model = scriptedModel([echoCall('a', 'Perhaps \\boxed{old}'), report, echoCall('b'), 'x', 'y', 'z']);
    const { ports, start, events } = world(model, [echoTool()], { maxTurns: 1, attempts: 2 });
    await run(await start(), ports, never);
    assert.deepEqual(
      model.requests.map(({ mayCall }) => mayCall),
      [true, false, true, false, false, false],
    );
    assert.equal(events.findLast((event) => event.type === 'answer.requested')?.reason, 'turns');
  });

  it('fall back on a box that an earlier attempt saw', async () => {
    const model = scriptedModel([`Perhaps \\boxed{old}\n${echoCall('a')}`, report, echoCall('b'), 'x', 'y', 'z']);
    const { ports, start, events } = world(model, [echoTool()], { maxTurns: 1, attempts: 2 });
    await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.given')?.boxed, 'old');
  });

  it('begin anew when no try gave an answer that can be read: the format was missed', async () => {
    const model = scriptedModel(['I know.', 'one', 'one', 'one', 'Failure type: blocked', 'Again.', '\\boxed{one}']);
    const { ports, start, events } = world(model, [], { attempts: 2 });
    await run(await start(), ports, never);
    const ended = events.find((event) => event.type === 'attempt.ended');
    assert.deepEqual([ended?.reason, ended?.failure], ['noAnswer', 'format_missed']);
    assert.equal(events.find((event) => event.type === 'answer.given')?.boxed, 'one');
  });

  it('do not begin anew after a budget that is used up, nor when a person asked for the answer', async () => {
    const model = scriptedModel([echoCall('a', 'Perhaps \\boxed{old}'), 'x', 'y', 'z']);
    const { ports, start, types } = world(model, [echoTool()], { maxCalls: 1, attempts: 5 });
    const end = await run(await start(), ports, never);
    assert.equal(types().includes('report.requested'), false);
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'limit');
    assert.equal(model.requests.length, 4);
  });

  it('are one only when they are turned off', async () => {
    const model = scriptedModel([echoCall('a'), '\\boxed{so}']);
    const { ports, start, types } = world(model, [echoTool()], { maxTurns: 1, attempts: 1 });
    await run(await start(), ports, never);
    assert.equal(types().includes('report.requested'), false);
  });

  it('of a follow-up question keep the earlier questions and their answers in view, and nothing else of them', async () => {
    const model = scriptedModel([
      echoCall('a'),
      'Done.',
      'First. \\boxed{one}',
      ...[echoCall('b'), echoCall('c'), report, 'Now.', '\\boxed{two}'],
    ]);
    const settings = { maxTurns: 2, attempts: 2 };
    const { ports, start, wheel } = world(model, [echoTool()], settings);
    wheel.say({ kind: 'question', question: 'And then?', mentions: [] });
    await run(await start('First?'), ports, never);
    const fresh = model.requests.at(-2);
    assert.deepEqual(
      fresh?.messages.slice(1).map(({ role, content }) => [role, content.split(' ', 1)[0]]),
      [
        ['user', 'First?'],
        ['assistant', 'First.'],
        ['user', 'And'],
      ],
    );
    assert.ok(fresh.messages.at(-1)?.content.includes('# Earlier attempts'));
  });
});

describe('readReport', () => {
  it('reads the type in whatever form, and takes the whole text as the report', () => {
    assert.equal(readReport('**Failure type:** Misdirected\nmore').failure, 'misdirected');
    assert.equal(readReport('failure type - format_missed').failure, 'format_missed');
    assert.equal(readReport('I could not.').failure, 'incomplete');
    assert.equal(readReport('<think>x</think>\nFailure type: blocked\nWhy').report, 'Failure type: blocked\nWhy');
  });
});
