import assert from 'node:assert/strict';
import { findEndpoint, formatOverride } from '../../src/runs/endpoint.ts';
import { scriptedServer } from '../fakes/scriptedServer.ts';

describe('formatOverride', () => {
  it('takes a name, a part of it and a pattern, whatever the case', () => {
    assert.equal(formatOverride({ 'Qwen3-8B': 'native' }, 'qwen3-8b'), 'native');
    assert.equal(formatOverride({ qwen3: 'native' }, 'Qwen/Qwen3-8B'), 'native');
    assert.equal(formatOverride({ '*/qwen*-8b': 'native' }, 'Qwen/Qwen3-8B'), 'native');
    assert.equal(formatOverride({ 'qwen*': 'native' }, 'org/qwen3'), undefined, 'a pattern stands for the whole name');
    assert.equal(formatOverride({ 'ab*ba': 'native' }, 'aba'), undefined, 'its parts do not overlap');
    assert.equal(formatOverride({ '': 'native' }, 'any'), undefined);
    assert.equal(formatOverride({ '*': 'native' }, 'any'), 'native');
  });

  it('lets the longest pattern that fits decide', () => {
    const formats = { '*': 'native', miro: 'mcp-xml', 'mirothinker-v1.0-8b': 'auto' } as const;
    assert.equal(formatOverride(formats, 'MiroThinker-v1.0-8B'), 'auto');
    assert.equal(formatOverride(formats, 'MiroThinker-v1.0-72B'), 'mcp-xml');
    assert.equal(formatOverride(formats, 'other'), 'native');
  });
});

describe('findEndpoint', () => {
  it('asks a model in the format that was chosen for it alone, also when the server named the model', async () => {
    const server = await scriptedServer({ script: [], models: [{ id: 'research-7b', contextWindow: 40_960 }] });
    try {
      const signal = new AbortController().signal;
      const choice = { baseUrl: server.baseUrl, toolFormat: 'mcp-xml', toolFormats: { research: 'native' } } as const;
      assert.equal((await findEndpoint(choice, undefined, signal)).toolFormat, 'native');
      assert.equal((await findEndpoint({ ...choice, model: 'other' }, undefined, signal)).toolFormat, 'mcp-xml');
    } finally {
      await server.close();
    }
  });
});
