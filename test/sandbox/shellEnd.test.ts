import assert from 'node:assert/strict';
import { makeSandbox, noSignal, outputHolds } from './sandbox.ts';

describe('SandboxShell.dispose', () => {
  it('does not wait for ever for a call that never ends', async () => {
    const test = await makeSandbox();
    const stop = new AbortController();
    const never = new Promise<never>(() => undefined);
    const call = { callId: 'c', unconfined: false, openOutput: () => never };
    const running = test.shell.runCommand({ ...call, command: 'seq 40000; echo ready; sleep 60' }, stop.signal);
    await outputHolds(test.shell, 'ready');
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    await test.dispose();
    await assert.rejects(test.shell.runCommand({ ...call, command: 'true' }, noSignal), { name: 'AbortError' });
  });
});
