import assert from 'node:assert/strict';
import fc from 'fast-check';
import { factSchema } from '../../src/shared/events.ts';
import { upgradeLine } from '../../src/shared/upgrade.ts';
import { testSettings } from '../agent/world.ts';

const { retention: _retention, attempts: _attempts, budget: _budget, subAgents: _subAgents, ...later } = testSettings;
const { web: _web, clarify: _clarify, plan: _plan, ...settings3 } = later;
const { envelope: _envelope, domains: _domains, workspace: _workspace, ...rest } = settings3;
const settings1 = { ...rest, keep: 3 };
const model = { model: 'm', baseUrl: '', toolFormat: 'mcp-xml' } as const;

describe('upgradeLine', () => {
  it('gives a start of format 1 the policy that it had: keep so many, without slack, in one attempt', () => {
    const asked = { question: 'q', mentions: [], system: '', tools: [], roots: [] };
    const line = { seq: 0, at: 1, type: 'run.started', format: 1, runId: 'r', ...asked, ...model, settings: settings1 };
    const fact = factSchema.parse(upgradeLine(line));
    assert.ok(fact.type === 'run.started');
    assert.deepEqual(fact.settings.retention, { policy: 'recency', keep: 3, slack: 0 });
    assert.deepEqual([fact.format, fact.settings.attempts, fact.settings.subAgents], [4, 1, false]);
  });

  it('gives a resumption of format 1 the same', () => {
    const fact = factSchema.parse(upgradeLine({ type: 'run.resumed', ...model, settings: settings1 }));
    assert.deepEqual(fact.type === 'run.resumed' && fact.settings, {
      ...testSettings,
      retention: { policy: 'recency', keep: 3, slack: 0 },
    });
  });

  it('numbers a start anew whatever its settings have already', () => {
    const asked = { question: 'q', mentions: [], system: '', tools: [], roots: [] };
    for (const format of [1, 2, 3, 4]) {
      const line = {
        seq: 0,
        at: 1,
        type: 'run.started',
        format,
        runId: 'r',
        ...asked,
        ...model,
        settings: testSettings,
      };
      const fact = factSchema.parse(upgradeLine(line));
      assert.deepEqual(fact.type === 'run.started' && [fact.format, fact.settings], [4, testSettings]);
    }
  });

  it('calls every rollback of format 1 malformed: that was the only kind', () => {
    const fact = factSchema.parse(upgradeLine({ type: 'turn.rolledBack', reason: 'r', reply: '' }));
    assert.equal(fact.type === 'turn.rolledBack' && fact.kind, 'malformed');
  });

  it('leaves lines of the present format, and what is no line, as they are', () => {
    const current = { type: 'run.resumed', ...model, settings: testSettings };
    assert.equal(upgradeLine(current), current);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const upgraded = upgradeLine(value);
        assert.deepEqual(upgradeLine(upgraded), upgraded);
      }),
    );
  });
});
