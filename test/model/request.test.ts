import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChatMessage } from '../../src/agent/messages.ts';
import { chatBody, chatBytes } from '../../src/model/request.ts';
import { plain } from './plainRequest.ts';

describe('chatBody', () => {
  const dialect = { refused: new Set<never>(), continuousUsage: false, thoughtField: 'reasoning' } as const;
  const body = (messages: readonly ChatMessage[]) => chatBody('m', plain({ messages }), dialect);

  it('holds calls of valid JSON and texts of whole characters, whatever is in the history', () => {
    const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), text, (given, cut) => {
        const toolCalls = [{ callId: '1-1', server: 's', tool: 't', arguments: { ...given, cut } }];
        const sent = body([
          { role: 'assistant', content: cut, reasoning: cut, toolCalls },
          { role: 'tool', callId: '1-1', content: cut },
          { role: 'user', content: cut },
        ]);
        const [assistant, ...others] = sent.messages;
        assert.ok(assistant?.role === 'assistant');
        const [call] = assistant.tool_calls ?? [];
        assert.ok(call?.type === 'function');
        const read: unknown = JSON.parse(call.function.arguments, wellFormed);
        assert.deepEqual(read, JSON.parse(JSON.stringify({ ...given, cut }), wellFormed));
        assert.doesNotMatch(call.function.arguments, /[^\\](?:\\\\)*\\u[dD][89a-fA-F]/);
        assert.equal('reasoning' in assistant && assistant.reasoning, cut.toWellFormed());
        for (const { content } of [assistant, ...others]) assert.equal(content, cut.toWellFormed());
      }),
    );
  });

  it('is the same bytes for the same history', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (given) => {
        const toolCalls = [{ callId: '1-1', server: 's', tool: 't', arguments: given }];
        const messages: ChatMessage[] = [{ role: 'assistant', content: '', toolCalls }];
        assert.equal(JSON.stringify(body(messages)), JSON.stringify(body(structuredClone(messages))));
      }),
    );
  });
});

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

describe('chatBytes', () => {
  it('are what JSON makes of the body, whatever was sent before and in whatever dialect', () => {
    const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
    const message = fc.oneof(
      text.map((content): ChatMessage => ({ role: 'user', content })),
      text.map((content): ChatMessage => ({ role: 'tool', callId: '1-1', content })),
      text.map((content): ChatMessage => ({ role: 'assistant', content, reasoning: content })),
    );
    const field = fc.constantFrom('reasoning', 'reasoning_content');
    fc.assert(
      fc.property(fc.array(message), fc.array(field, { maxLength: 3 }), text, (messages, fields, model) => {
        for (const thoughtField of fields) {
          for (const refused of [new Set<never>(), new Set(['seed', thoughtField] as const)]) {
            const dialect = { refused, continuousUsage: false, thoughtField };
            const request = plain({ messages });
            const bytes = chatBytes(`${model}"messages":[]`, request, dialect);
            assert.equal(
              bytes.toString(),
              JSON.stringify(chatBody(`${model}"messages":[]`, request, dialect)).toWellFormed(),
            );
          }
        }
      }),
    );
  });
});
