import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { scriptedServer, type RecordedRequest, type Reply } from '../fakes/scriptedServer.ts';
import { commandLine } from './commandLine.ts';

/** Answers by seed, whatever the order in which the rollouts come. */
const bySeed =
  (answers: readonly string[]) =>
  ({ body, text }: RecordedRequest): Reply => {
    const answer = answers[(Number(body['seed']) - 7) / 1000];
    if (answer === '') return { status: 400, body: { error: { message: 'no' } } };
    return { content: text.includes('I know it.') ? `It is so.\n\n\\boxed{${answer}}` : 'I know it.' };
  };

const resultSchema = z.looseObject({
  type: z.literal('rollouts'),
  groups: z.array(z.object({ answer: z.string(), runIds: z.array(z.string()), share: z.number() })),
  majority: z.object({ answer: z.string() }).optional(),
});

describe('mirothinker ask --rollouts', () => {
  const ask = async (answers: readonly string[], ...words: readonly string[]) => {
    const line = await commandLine({});
    const server = await scriptedServer({ script: [bySeed(answers)], repeatLast: true });
    const count = String(answers.length);
    const asked = ['ask', 'Which port?', '--rollouts', count, '--seed', '7', '--base-url', server.baseUrl];
    const finished = await line.run([...asked, ...words]);
    const runs = (await readdir(line.runs)).length;
    const listed = (await line.run(['runs'])).stdout;
    await server.close();
    await line.remove();
    return { ...finished, runs, listed };
  };

  it('shows every rollout and the answers with their shares, and prints what most of them answered', async () => {
    const { code, stdout, stderr, runs, listed } = await ask(['8080', '80', '8080 ', '']);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'It is so.\n\n8080\n');
    assert.match(stderr, /^#1 {4}1 I know it\.$/m);
    assert.match(stderr, /^ {2}67 % {2}8080 {2}\(#1 #3\)$/m);
    assert.match(stderr, /^ {2}33 % {2}80 {2}\(#2\)$/m);
    assert.match(stderr, /^ +#4 gave none \(failed\): /m);
    assert.equal(runs, 4);
    assert.match(listed, /Which port\? {2}\(rollout 4 of 4\)$/m);
  });

  it('prints the events of all with their run, and the groups at the end, with --json', async () => {
    const { code, stdout } = await ask(['1', '1', '2'], '--json');
    assert.equal(code, 0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((text): unknown => JSON.parse(text));
    const result = resultSchema.parse(lines.pop());
    assert.deepEqual(
      result.groups.map(({ answer, runIds }) => [answer, runIds.length]),
      [
        ['1', 2],
        ['2', 1],
      ],
    );
    assert.equal(result.majority?.answer, '1');
    const events = z.array(z.object({ runId: z.string(), event: z.looseObject({ type: z.string() }) })).parse(lines);
    const started = events.filter(({ event }) => event.type === 'run.started');
    assert.deepEqual(new Set(started.map(({ runId }) => runId)).size, 3);
    for (const { runId, event } of started) assert.equal(event['runId'], runId);
  });

  it('ends with 2 where no answer has a majority, and with 1 where every rollout failed', async () => {
    const tie = await ask(['1', '2']);
    assert.deepEqual([tie.code, tie.stdout], [2, '']);
    assert.match(tie.stderr, /No answer has a majority/);
    assert.equal((await ask(['', ''])).code, 1);
  });
});
