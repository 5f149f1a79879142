import assert from 'node:assert/strict';
import { goOnChoice, modelChoice, sameChoice } from '../../../src/host/goOnChoice.ts';
import { embeddedModel, type RunChoice } from '../../../src/runs/choice.ts';
import { noRules } from '../../../src/shared/envelope.ts';
import { scriptedServer, call, type Step } from '../../fakes/scriptedServer.ts';
import { openSession, type OpenSession } from './sessions.ts';

const before = { baseUrl: 'http://127.0.0.1:8000/v1', model: 'miro' };
/** All settings other than at the start. */
const present: RunChoice = {
  baseUrl: before.baseUrl,
  model: '',
  toolFormat: 'native',
  toolFormats: { miro: 'native' },
  contextWindow: 0,
  maxTurns: 3,
  maxCalls: 4,
  retention: 'watermark',
  keep: 1,
  slack: 2,
  attempts: 2,
  budget: { minutes: 1 },
  seed: 9,
  subAgents: true,
  approval: 'sandbox',
  envelope: { tools: noRules, commands: { ...noRules, deny: ['git push'] } },
  network: 'on',
  domains: ['pypi.org'],
  workspace: 'read-only',
};
const { approval, envelope, network, domains, workspace } = present;
/** What a run may do is never what it was. */
const safety = { approval, envelope, network, domains, workspace };
const format = { toolFormat: 'native', toolFormats: { miro: 'native' } };

describe('goOnChoice', () => {
  it('takes the safety settings alone while the same model is connected', () => {
    assert.deepEqual(goOnChoice(present)(before), safety);
    assert.deepEqual(goOnChoice({ ...present, model: 'miro:latest' })(before), safety);
    assert.deepEqual(goOnChoice({ ...present, baseUrl: '127.0.0.1:8000/' })(before), safety);
    assert.deepEqual(goOnChoice({ ...present, model: embeddedModel })({ baseUrl: '', model: 'any' }), safety);
  });

  it('takes a window that was set by hand', () => {
    assert.deepEqual(goOnChoice({ ...present, contextWindow: 8_000 })(before), { ...safety, contextWindow: 8_000 });
  });

  it('takes server, model and tool format where others were connected, and nothing else', () => {
    const others = [
      { baseUrl: 'http://127.0.0.1:30000/v1', model: '' },
      { baseUrl: before.baseUrl, model: 'other' },
      { baseUrl: before.baseUrl, model: embeddedModel },
    ];
    for (const other of others)
      assert.deepEqual(goOnChoice({ ...present, ...other })(before), { ...safety, ...format, ...other });
    const reader = { baseUrl: '', model: 'any' };
    assert.deepEqual(goOnChoice(present)(reader), { ...safety, ...format, baseUrl: before.baseUrl, model: '' });
  });
});

describe('a run that goes on', () => {
  const opened: { one?: OpenSession } = {};
  afterEach(async () => {
    await opened.one?.close();
    delete opened.one;
  });
  const write: Step = { content: call('workspace', 'write_file', { path: 'report.md', content: 'noted\n' }) };
  const answer: Step = { content: 'So it is.\n\n\\boxed{so}' };

  /** A run that was stopped in its second turn. */
  const stopped = async (more: readonly Step[]) => {
    const one = await openSession([write, { hang: 'prefill' }, ...more], { keep: 7, attempts: 3, seed: 5 });
    opened.one = one;
    await one.session.ask({ text: 'What is it?', mentions: [] }, one.choice);
    const runId = one.session.shown?.runId ?? '';
    await one.server.request(1);
    const end = one.fact((event) => event.type === 'run.ended');
    one.session.stop(runId);
    const { settings } = (await end).trajectory;
    return { one, runId, settings };
  };

  it('keeps its settings, whatever they are now, and takes the present approvals', async () => {
    const { one, runId, settings } = await stopped([{ content: 'Known.' }, answer]);
    const end = one.fact((event) => event.type === 'run.ended');
    await one.session.resume(runId, goOnChoice({ ...present, baseUrl: one.server.baseUrl }));
    const { trajectory } = await end;
    assert.deepEqual(trajectory.settings, { ...settings, ...safety });
    assert.equal(trajectory.toolFormat, 'mcp-xml');
    assert.equal(one.server.requests.at(-1)?.body['seed'], 5);
  });

  it('goes on at the server that was connected meanwhile', async () => {
    const { one, runId, settings } = await stopped([]);
    const other = await scriptedServer({ script: [{ content: 'Known.' }, answer] });
    try {
      const end = one.fact((event) => event.type === 'run.ended');
      await one.session.resume(runId, goOnChoice({ baseUrl: other.baseUrl, model: '', keep: 1, approval: 'auto' }));
      const { trajectory } = await end;
      assert.equal(trajectory.baseUrl, other.baseUrl);
      assert.deepEqual(trajectory.settings?.retention, settings?.retention);
      assert.equal(other.requests.length, 2);
    } finally {
      await other.close();
    }
  });

  it('is forked as it was, or with the connected model', async () => {
    const { one, runId, settings } = await stopped([{ content: 'Known.' }, answer]);
    const other = await scriptedServer({ script: [{ content: 'Known.' }, answer] });
    try {
      const settingsNow = {
        ...present,
        ...format,
        toolFormat: 'auto',
        toolFormats: {},
        baseUrl: other.baseUrl,
      } as const;
      for (const [choice, baseUrl] of [
        [sameChoice(settingsNow), one.server.baseUrl],
        [modelChoice(settingsNow), other.baseUrl],
      ] as const) {
        const end = one.fact((event) => event.type === 'run.ended');
        await one.session.fork({ runId, turn: 1 }, undefined, choice);
        const { trajectory } = await end;
        assert.equal(trajectory.baseUrl, baseUrl);
        assert.deepEqual({ ...trajectory.settings, contextWindow: 0 }, { ...settings, ...safety, contextWindow: 0 });
      }
    } finally {
      await other.close();
    }
  });
});
