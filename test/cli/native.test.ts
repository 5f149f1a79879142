import assert from 'node:assert/strict';
import { nativeCall, scriptedServer } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

describe('mirothinker ask with native tool calls', () => {
  it('offers the tools, runs the calls, sends results back by id, and forbids calls in the answer', async () => {
    const line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
    const server = await scriptedServer({
      script: [
        { reasoning: 'I search.', toolCalls: [nativeCall('workspace', 'search_files', { pattern: 'port' })] },
        { content: 'I know it.' },
        { content: 'It is 8080 [notes.md:1].\n\n\\boxed{8080}' },
      ],
    });
    const words = ['ask', 'Which port?', '--base-url', server.baseUrl, '--tool-format', 'native', '--json'];
    const { code, stdout, stderr } = await line.run(words);
    assert.equal(code, 0, stderr);
    const [first, second, third] = server.requests.map((request) => request.body);
    assert.ok(Array.isArray(first?.['tools']) && first['tools'].length > 10);
    assert.deepEqual([first['tool_choice'], third?.['tool_choice']], [undefined, 'none']);
    assert.deepEqual(third?.['tools'], first['tools'], 'the front of the prompt stays as it was');
    assert.match(
      JSON.stringify(second?.['messages']),
      /"role":"tool","tool_call_id":"1-1","content":"1 line in 1 file/,
    );
    assert.match(JSON.stringify(second?.['messages']), /"reasoning_content":"I search."/);
    assert.doesNotMatch(JSON.stringify(first['messages']), /use_mcp_tool/);
    const replied = eventsOf(stdout).find((event) => event.type === 'model.replied');
    assert.equal(replied?.['reasoning'], 'I search.');
    await server.close();
    await line.remove();
  });

  it('reads native calls though text was asked for, and keeps them in the history as text', async () => {
    const line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
    const server = await scriptedServer({
      script: [
        { toolCalls: [nativeCall('workspace', 'read_file', { path: 'notes.md' })] },
        { content: 'I know it.' },
        { content: '\\boxed{8080}' },
      ],
    });
    const { code, stderr } = await line.run(['ask', 'Which port?', '--base-url', server.baseUrl, '--json']);
    assert.equal(code, 0, stderr);
    assert.match(server.requests[1]?.text ?? '', /<tool_name>read_file<\/tool_name>/);
    await server.close();
    await line.remove();
  });
});
