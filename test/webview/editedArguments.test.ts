import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Call } from '../../src/shared/trajectory.ts';
import { showControls } from '../../src/shared/visibleText.ts';
import { editableArguments } from '../../webview/editedArguments.ts';

const call = (tool: string, args: Record<string, unknown>): Call => ({
  ...{ callId: 'c', server: 's', tool, arguments: args },
});

describe('editableArguments', () => {
  it('gives the one main text of a call as that text, and keeps the other arguments', () => {
    const command = editableArguments(call('run_command', { command: 'ls', sandbox_id: 'sb' }));
    assert.deepEqual([command.name, command.text], ['command', 'ls']);
    assert.deepEqual(command.read('ls -a\n'), {
      kind: 'edited',
      arguments: { command: 'ls -a\n', sandbox_id: 'sb' },
    });
    assert.equal(editableArguments(call('run_python_code', { code_block: 'a = 1', timeout: 3 })).text, 'a = 1');
    assert.equal(editableArguments(call('lookup', { term: 'cache' })).text, 'cache');
  });

  it('gives all else as JSON, and says what is wrong with it', () => {
    const { name, text, read } = editableArguments(call('edit_file', { path: 'a', old_text: 'x', new_text: 'y' }));
    assert.equal(name, 'arguments as JSON');
    assert.match(text, /^\{\n {2}"path": "a",/);
    assert.deepEqual(read(text.replace('"y"', '"z"')), {
      kind: 'edited',
      arguments: { path: 'a', old_text: 'x', new_text: 'z' },
    });
    const broken = read(text.slice(0, -1));
    assert.match(broken.kind === 'problem' ? broken.message : '', /^This is not JSON yet: /);
    const list = read('[1]');
    assert.match(list.kind === 'problem' ? list.message : '', /one JSON object/);
  });

  it('asks to deny a call rather than to empty it', () => {
    const result = editableArguments(call('run_command', { command: 'ls' })).read(' \n');
    assert.deepEqual(result, { kind: 'problem', message: 'The command is empty. Deny the call instead.' });
  });

  it('shows characters that hide others, escaped', () => {
    const { text, read } = editableArguments(call('run_command', { command: 'rm \u202ecod\u{E0041}' }));
    assert.equal(text, '{\n  "command": "rm \\u202ecod\\udb40\\udc41"\n}');
    assert.deepEqual(read(text), { kind: 'same' });
  });

  it('means the same when nothing is edited, and hides nothing', () => {
    const tools = fc.constantFrom('run_command', 'run_python_code', 'edit_file', 'other');
    const names = fc.constantFrom('command', 'code_block', 'code', 'path', 'x');
    fc.assert(
      fc.property(
        tools,
        fc.dictionary(names, fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue())),
        (tool, args) => {
          const parsed: unknown = JSON.parse(JSON.stringify(args));
          assert.ok(typeof parsed === 'object' && parsed !== null);
          const { text, read } = editableArguments(call(tool, Object.fromEntries(Object.entries(parsed))));
          assert.deepEqual(read(text), { kind: 'same' });
          assert.equal(showControls(text), text);
        },
      ),
    );
  });
});
