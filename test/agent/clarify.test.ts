import assert from 'node:assert/strict';
import { setImmediate as tick } from 'node:timers/promises';
import { ModelError } from '../../src/agent/errors.ts';
import type { Ports } from '../../src/agent/going.ts';
import { run } from '../../src/agent/loop.ts';
import { messagesFor } from '../../src/agent/messages.ts';
import { elapsedMs } from '../../src/shared/describeState.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import { fold, foldAll } from '../../src/shared/trajectory.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, testSettings, world } from './world.ts';

const never = new AbortController().signal;
const ambiguous = JSON.stringify({ ambiguous: true, questions: ['Which line?', 'Which system?'] });
const research = [echoCall('a'), 'Done.', '\\boxed{so}'];

function asking(replies: readonly ScriptedReply[], answers: readonly string[], settings: Partial<RunSettings> = {}) {
  const model = scriptedModel(replies);
  const asked: (readonly string[])[] = [];
  const made = world(model, [echoTool()], { clarify: true, ...settings });
  const clarification: Ports['clarification'] = {
    answer: async (questions) => {
      asked.push(questions);
      return answers;
    },
  };
  return { ...made, model, asked, ports: { ...made.ports, clarification } };
}

describe('clarification', () => {
  it('asks the model once, the person at most three things, and puts the answers behind the question', async () => {
    const many = JSON.stringify({ ambiguous: true, questions: ['One?', 'Two?', '  Two?', '', 7, 'Three?', 'Four?'] });
    const { ports, start, model, asked, events } = asking([many, ...research], ['first', '', 'third\nline']);
    const end = await run(await start('What is new?'), ports, never);
    assert.deepEqual(asked, [['One?', 'Two?', 'Three?']]);
    const [aside, first, second] = model.requests;
    assert.deepEqual([aside?.tools, aside?.mayCall], [[], false]);
    assert.match(aside?.messages[1]?.content ?? '', /^The question:\n\nWhat is new\?$/);
    assert.ok(aside && aside.maxTokens <= 8_192);
    assert.equal(
      first?.messages[1]?.content,
      'What is new?\n\nThe person was asked back before the research, and said:\n- One?\n  first\n- Two?\n  (They left this open.)\n- Three?\n  third\n  line',
    );
    assert.equal(second?.messages[1], first.messages[1], 'the same object as long as it does not change');
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    assert.deepEqual(foldAll(events), end);
  });

  it('leaves the prompt as it is where the question is clear, the person skips, or nothing can be read', async () => {
    const away = new ModelError('network', 'No model server answers.', { retryable: true });
    const plain = world(scriptedModel([]), [echoTool()]);
    const bare = messagesFor(await plain.start('What?'));
    const clear = '{"ambiguous": false, "questions": ["Or not?"]}';
    for (const reply of [clear, 'I do not know.', '{"ambiguous": tr', away, '{"questions": "x"}', '[]', ambiguous]) {
      const { ports, start, model, types } = asking([reply, ...research], []);
      const end = await run(await start('What?'), ports, never);
      assert.deepEqual(model.requests[1]?.messages, bare);
      assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
      assert.equal(types().filter((type) => type === 'clarification.asked').length, 1);
    }
  });

  it('reads the reply whatever stands around it', async () => {
    const wrapped = [
      `<think>{"ambiguous": false}</think>\nHere:\n\`\`\`json\n${ambiguous}\n\`\`\`\nThat is all.`,
      `{'ambiguous': True, 'questions': ['Which line?', 'Which system?',]}`,
    ];
    for (const reply of wrapped) {
      const { ports, start, asked } = asking([reply, ...research], []);
      await run(await start(), ports, never);
      assert.deepEqual(asked, [['Which line?', 'Which system?']]);
    }
  });

  it('counts what it cost, and not the time in which the person is waited for', async () => {
    const usage = { promptTokens: 90, completionTokens: 7 };
    const { ports, start } = asking([{ content: ambiguous, usage }, ...research], ['3.x', '']);
    const waited = 1_000_000;
    const { clock, clarification } = ports;
    let late = 0;
    const slow: Ports = {
      ...ports,
      clock: { ...clock, now: () => clock.now() + late },
      log: {
        ...ports.log,
        append: async (...facts) =>
          (await ports.log.append(...facts)).map((event) => ({ ...event, at: event.at + late })),
      },
      clarification: {
        answer: async (...asked) => {
          late = waited;
          return clarification.answer(...asked);
        },
      },
    };
    const end = await run(await start(), slow, never);
    assert.deepEqual(end.spent, usage);
    assert.ok(elapsedMs(end, 0) > waited);
    assert.ok(end.workedMs < waited);
  });

  it('is not asked again after a turn, and is for the next question, with what came before', async () => {
    const { ports, start, model, wheel } = asking(
      [ambiguous, ...research, '{"ambiguous": false}', ...research],
      ['3.x', 'Linux'],
    );
    wheel.say({ kind: 'question', question: 'And then?', mentions: [] });
    await run(await start('What?'), ports, never);
    assert.equal(model.requests.length, 8);
    const later = model.requests[4]?.messages[1]?.content ?? '';
    assert.equal(later, 'The question:\n\nAnd then?\n\nIt follows this conversation:\n\nQuestion: What?\nAnswer: so');
  });

  it('stops when the run is stopped while it waits, and asks the same again when it goes on', async () => {
    const { ports, start, events, asked } = asking([ambiguous, ...research], ['3.x']);
    const stopping = new AbortController();
    const waiting: Ports = {
      ...ports,
      clarification: {
        answer: async (_, signal) => {
          stopping.abort();
          await tick();
          signal.throwIfAborted();
          return [];
        },
      },
    };
    const stopped = await run(await start('What?'), waiting, stopping.signal);
    assert.equal(stopped.state.kind === 'ended' && stopped.state.reason, 'cancelled');
    assert.equal(events.findLast(({ type }) => type.startsWith('clarification'))?.type, 'clarification.asked');
    const { model, baseUrl, toolFormat } = stopped;
    const [resumed] = await ports.log.append({
      type: 'run.resumed',
      model,
      baseUrl,
      toolFormat,
      settings: { ...testSettings, clarify: true },
    });
    assert.ok(resumed);
    const end = await run(fold(stopped, resumed), ports, never);
    assert.deepEqual(asked, [['Which line?', 'Which system?']], 'the model is not asked again for them');
    const question = end.items.find((item) => item.kind === 'question');
    assert.deepEqual(question?.clarification?.answers, ['3.x', '']);
  });

  it('makes way for the answer when that is asked for while it waits', async () => {
    const { ports, start, wheel, model } = asking([ambiguous, '\\boxed{now}'], []);
    const waiting: Ports = {
      ...ports,
      clarification: {
        answer: async (_, signal) => {
          wheel.say({ kind: 'answer' });
          await tick();
          signal.throwIfAborted();
          return [];
        },
      },
    };
    const end = await run(await start('What?'), waiting, never);
    assert.equal(end.items.find((item) => item.kind === 'answer')?.boxed, 'now');
    assert.equal(model.requests[1]?.messages[1]?.content, 'What?');
  });
});
