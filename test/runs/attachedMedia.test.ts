/** Pictures and sound that are put to a question: models that see and hear say what is in them. */
import assert from 'node:assert/strict';
import { readAttachments } from '../../src/runs/attachments.ts';
import { plainWeb } from '../../src/runs/surroundings.ts';
import { scriptedServer, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { pageServer, type PageServer } from '../harness/pageServer.ts';
import { beep, png } from '../tools/web/scrapeFixtures.ts';

describe('attached pictures and sound', () => {
  let eyes: ScriptedServer;
  let ears: PageServer;
  before(async () => {
    ears = await pageServer();
    eyes = await scriptedServer({
      script: [{ body: { choices: [{ message: { content: 'A red dot.' } }] } }, { status: 500, body: 'no' }],
      repeatLast: true,
    });
  });
  after(async () => {
    await Promise.all([eyes.close(), ears.close()]);
  });

  const files = [
    { name: 'dot.png', bytes: png },
    { name: 'beep.wav', bytes: beep() },
    { name: 'plain.txt', bytes: Buffer.from('plain words') },
  ];
  const attach = async (web: Partial<typeof plainWeb>, baseUrl?: string) => {
    const around = { roots: [], signal: new AbortController().signal, web: { ...plainWeb, ...web } };
    const attachments = await readAttachments(files, around, { text: 'What colour is the dot?', baseUrl });
    return attachments.map(({ text }) => text);
  };

  it('come with their metadata alone where no model is set', async () => {
    const [dot = '', sound = '', plain] = await attach({}, eyes.baseUrl);
    assert.match(dot, /1\D+1/);
    assert.doesNotMatch(dot + sound, /by a model/);
    assert.equal(plain, 'plain words');
    assert.equal(eyes.requests.length, 0);
  });

  it('come with what a model saw for the question, and another heard; else with why not', async () => {
    const heard = ears.at('/v1/audio/transcriptions', JSON.stringify({ text: 'Beep, it says.' }), 'application/json');
    const speech = { baseUrl: heard.replace('/audio/transcriptions', ''), model: 'ears', apiKey: undefined };
    const vision = { baseUrl: '', model: 'eyes', apiKey: 'key' };
    const [dot = '', sound = '', plain] = await attach({ vision, speech }, eyes.baseUrl);
    assert.match(dot, /# Description of the picture, by a model\n\nA red dot\.$/);
    assert.match(eyes.requests[0]?.text ?? '', /What colour is the dot\?[\s\S]*data:image\/png;base64,iVBOR/);
    assert.match(sound, /# Transcript, by a model\n\nBeep, it says\.$/);
    assert.equal(plain, 'plain words');
    const [failed = ''] = await attach({ vision }, eyes.baseUrl);
    assert.match(failed, /\[It is known by its metadata alone\. eyes at .* did not serve/);
  });
});
