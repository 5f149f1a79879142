import assert from 'node:assert/strict';
import { changesOf } from '../../src/shared/changes.ts';
import { noRules, plainEnvelope } from '../../src/shared/envelope.ts';
import { envelopeLine, rulesWords } from '../../src/shared/envelopeWords.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import { testSettings } from '../agent/world.ts';

describe('envelopeLine', () => {
  const cases: readonly (readonly [Partial<RunSettings>, string])[] = [
    [{}, 'Reads, changes files, runs code in the sandbox · no network · 600 calls'],
    [{ approval: 'ask' }, 'Reads, asks before it changes files or runs code · no network · 600 calls'],
    [{ approval: 'write' }, 'Reads, changes files, asks before it runs code · no network · 600 calls'],
    [{ workspace: 'read-only' }, 'Reads only, runs code in the sandbox · no network · 600 calls'],
    [{ workspace: 'overlay' }, 'Reads, changes files, runs code apart from the workspace · no network · 600 calls'],
    [
      { network: 'allowlist', domains: ['pypi.org'], budget: { minutes: 30 }, maxCalls: 1 },
      'Reads, changes files, runs code in the sandbox · network: pypi.org · 1 call · 30 minutes',
    ],
    [
      { network: 'on', envelope: { tools: noRules, commands: { allow: ['npm test'], ask: [], deny: ['git push'] } } },
      'Reads, changes files, runs code in the sandbox · network as yours · 2 rules · 600 calls',
    ],
  ];
  for (const [settings, words] of cases) {
    it(words, () => assert.equal(envelopeLine({ ...testSettings, ...settings }), words));
  }
});

describe('changesOf', () => {
  const as = (settings: Partial<RunSettings>) => ({
    model: 'm',
    baseUrl: 'b',
    toolFormat: 'native',
    settings: { ...testSettings, ...settings },
  });

  it('says rules, domains and what the repository narrows in words', () => {
    const commands = { allow: ['npm test', 'git log'], ask: [], deny: ['git push'] };
    const repository = {
      tools: { ask: [], deny: [] },
      commands: { ask: [], deny: ['curl'] },
      words: ['denies commands: curl'],
    };
    const after = as({ envelope: { tools: noRules, commands, repository }, domains: ['pypi.org', '=x.org'] });
    assert.deepEqual(changesOf(as({}), after), [
      "rules: commands: allow npm test, git log, deny git push; the repository's for commands: deny curl",
      'domains: pypi.org, =x.org',
      'narrowed by the repository: denies commands: curl',
    ]);
    assert.deepEqual(changesOf(after, as({})), ['rules: none', 'domains: none', 'narrowed by the repository: no']);
  });

  it('says nothing where nothing changed', () => {
    assert.deepEqual(changesOf(as({ envelope: { ...plainEnvelope } }), as({})), []);
    assert.equal(rulesWords(plainEnvelope), '');
  });
});
