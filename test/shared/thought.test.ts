import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readReply } from '../../src/agent/toolCalls.ts';
import { splitThought } from '../../src/shared/thought.ts';

const call =
  '<use_mcp_tool><server_name>s</server_name><tool_name>t</tool_name><arguments>{"a": "b"}</arguments></use_mcp_tool>';
const hermes = '<tool_call>{"name": "t", "arguments": {"a": "b"}}</tool_call>';
const bare = '<function=t><parameter=a>b</parameter></function>';
const callsIn = (content: string) => readReply({ content, nativeCalls: [], finishReason: 'stop' }, []).calls.length;

describe('splitThought', () => {
  const cases: readonly [string, string, string, string][] = [
    ['a closed thought', '<think>a</think>b', 'a', 'b'],
    ['no thought', 'b', '', 'b'],
    ['an unclosed thought', '<think>a', 'a', ''],
    ['a thought without its opening tag', 'a</think>\n\nb', 'a', 'b'],
    ['several thoughts', '<think>a</think>b<think>c</think>d', 'a\n\nc', 'b\n\nd'],
    ['text before a thought', 'b <think>a</think> c', 'a', 'b\n\nc'],
    ['a thought in a thought', '<think>a <think>b</think> c</think>d', 'a <think>b\n\nc', 'd'],
  ];
  for (const [what, content, thought, text] of cases) {
    it(`splits ${what}`, () => assert.deepEqual(splitThought(content), { thought, text }));
  }

  it('puts the reasoning of its own field first', () => {
    assert.deepEqual(splitThought('<think>b</think>c', 'a'), { thought: 'a\n\nb', text: 'c' });
  });

  it('leaves calls of every form out of the text, and begun ones', () => {
    for (const one of [call, hermes, bare, `${bare}\n</tool_call>`]) {
      assert.deepEqual(splitThought(`<think>a</think>b\n${one}`), { thought: 'a', text: 'b' });
      assert.deepEqual(splitThought(`<think>a\n${one}`), { thought: 'a', text: '' }, 'the thought ends at the call');
    }
    assert.deepEqual(splitThought('b\n<tool_call>{"name": "t", "argu'), { thought: '', text: 'b' });
    assert.deepEqual(splitThought('b\n<use_mcp_tool>\n<server_'), { thought: '', text: 'b' });
  });

  it('shows a call as thought exactly where it is none', () => {
    const bits = fc.constantFrom('<think>', '</think>', call, hermes, bare, ' word ');
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 8 }), (parts) => {
        const content = parts.join('');
        const { thought, text } = splitThought(content);
        const written = (shown: string) => shown.split(/<use_mcp_tool>|<tool_call>|<function=/).length - 1;
        assert.equal(written(text), 0);
        assert.equal(callsIn(content) + written(thought), written(content));
      }),
    );
  });
});
