import assert from 'node:assert/strict';
import { deferred } from '../fakes/deferred.ts';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { answerInput, runCommand, screenshot, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench } from './opened.ts';

const ambiguous: Step = { content: '{"ambiguous": true, "questions": ["Which project do you mean?", "As of when?"]}' };
const planned: Step = { content: '{"plan": ["What does the read-me say?", "Who wrote it?"]}' };
const read: Step = { content: `I look.\n${call('workspace', 'read_file', { path: 'README.md' })}` };
const tick: Step = {
  content: `That is settled.\n${call('plan', 'update_plan', { item: 1, evidence: ['README.md'] })}`,
};

describe('a question that is asked back about and planned', () => {
  const gate = deferred<undefined>();
  const open = opened({ 'mirothinker.approval': 'sandbox', 'mirothinker.clarify': true, 'mirothinker.plan': true }, [
    ambiguous,
    planned,
    read,
    tick,
    () => gate.promise.then(() => ({ content: 'I know it.' })),
    { content: 'It is so [README.md:1].\n\n\\boxed{so}' },
  ]);

  it('is answered in the dock, its plan is ticked by the model and edited by the person', async () => {
    const page = await workbench(open);
    await runCommand(page, 'MiroThinker: Ask a Research Question');
    await answerInput(page, 'What is it?');
    const frame = await webviewFrame(page, '#panel');
    const dock = frame.getByRole('group', { name: 'Questions before the research' });
    await dock.locator('input').first().fill('the one that is open');
    assert.match(await page.locator('.statusbar').innerText(), /Asks you something first/);
    await screenshot(page, 'plan-clarifying');
    await dock.getByRole('button', { name: 'Answer' }).click();

    const plan = frame.getByRole('region', { name: 'Plan' });
    await plan.getByRole('checkbox', { name: 'What does the read-me say?', checked: true }).waitFor();
    await open.server?.request(4);
    const research = JSON.stringify(open.server?.requests[2]?.body['messages']);
    assert.match(
      research,
      /Which project do you mean\?\\n {2}the one that is open[\s\S]*1\. What does the read-me say\?/,
    );

    await runCommand(page, 'MiroThinker: Edit Plan…');
    await plan.locator('.plan-row textarea').nth(1).fill('Who wrote it, and when?');
    await screenshot(page, 'plan-edited');
    await plan.getByRole('button', { name: 'Save the plan' }).click();
    await plan.getByRole('checkbox', { name: 'Who wrote it, and when?', checked: false }).waitFor();
    gate.resolve(undefined);
    await frame.getByRole('article', { name: /^Answer: so/ }).waitFor();
    const last = JSON.stringify(open.server?.requests.at(-1)?.body['messages']);
    assert.match(
      last,
      /I changed the plan[\s\S]*1\. What does the read-me say\? \(settled\)\\n2\. Who wrote it, and when\?/,
    );
    await screenshot(page, 'plan-answered');
  });
});
