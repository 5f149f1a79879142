import assert from 'node:assert/strict';
import { parseCall, type Call } from '../../src/cli/arguments.ts';
import { evaluationBlocked } from '../../src/runs/webChoice.ts';

function asked(...words: readonly string[]): Call {
  const call = parseCall(['ask', 'Which port?', ...words]);
  if (call === 'help' || call === 'version') throw new Error(call);
  return call;
}
const searxng = ['--search', 'searxng', '--search-url', 'http://127.0.0.1:8888'];
const helper = (model: string, apiKey?: string, baseUrl = '') => ({ baseUrl, model, apiKey });

describe('the options about finding things out', () => {
  const cases: readonly (readonly [words: readonly string[], web: Readonly<Record<string, unknown>> | undefined])[] = [
    [[], undefined],
    [searxng, { search: [{ provider: 'searxng', url: 'http://127.0.0.1:8888' }] }],
    [
      [...searxng, '--search=serper', '--allow-loopback'],
      { search: [{ provider: 'searxng', url: 'http://127.0.0.1:8888' }, { provider: 'serper' }], allowLoopback: true },
    ],
    [['--search', 'brave'], { search: [{ provider: 'brave' }] }],
    [['--web'], { pages: 'on' }],
    [['--no-web', '--search', 'tavily'], { search: [{ provider: 'tavily' }], pages: 'off' }],
    [['--block-domain', 'a.test', '--block-domain', 'b.test/c'], { blocked: ['a.test', 'b.test/c'] }],
    [['--block-domain', 'a.test', '--evaluating'], { blocked: ['a.test', ...evaluationBlocked] }],
    [['--trust-domain', 'a.test'], { trusted: ['a.test'] }],
    [['--ignore-robots', '--render', '--speculative', 'off'], { robots: false, render: true, speculative: 'off' }],
    [['--extract-model', 'small'], { extraction: { baseUrl: '', model: 'small' } }],
    [
      ['--extract-model', 'small', '--base-url', 'http://127.0.0.1:1/v1'],
      { extraction: { baseUrl: 'http://127.0.0.1:1/v1', model: 'small' } },
    ],
    [
      [
        '--extract-model',
        'small',
        '--extract-base-url',
        'http://127.0.0.1:2/v1',
        '--base-url',
        'http://127.0.0.1:1/v1',
      ],
      { extraction: { baseUrl: 'http://127.0.0.1:2/v1', model: 'small' } },
    ],
  ];
  for (const [words, web] of cases) {
    it(`${words.join(' ') || 'none'} choose what they say`, () => {
      assert.deepEqual(asked(...words).choice.web, web);
    });
  }

  it('--clarify and --plan are choices of the run', () => {
    const { clarify, plan } = asked('--clarify', '--plan').choice;
    assert.deepEqual([clarify, plan, asked().choice.plan], [true, true, undefined]);
  });

  const nonsense: readonly (readonly [words: readonly string[], message: RegExp])[] = [
    [['--search', 'google'], /--search:/],
    [['--search', 'searxng'], /--search searxng needs the address of its server: --search-url URL/],
    [['--search', 'serper', '--search', 'kiwix'], /--search kiwix needs the address/],
    [['--search-url', 'http://127.0.0.1:8888'], /--search-url belongs to a --search/],
    [[...searxng, '--search-url', 'http://127.0.0.1:2'], /--search-url belongs to a --search: name one for each/],
    [['--search', 'searxng', '--search-url', 'localhost:8888'], /--search-url/],
    [['--search', 'searxng', '--search-url', 'file:///etc'], /--search-url/],
    [['--search', 'serper', '--search', 'serper'], /--search serper was given twice/],
    [['--web', '--no-web'], /--web and --no-web contradict each other/],
    [['--speculative', 'always'], /--speculative/],
    [['--extract-base-url', 'http://127.0.0.1:1/v1'], /--extract-base-url needs a --extract-model/],
    [['--vision-base-url', 'http://127.0.0.1:1/v1'], /--vision-base-url needs a --vision-model/],
    [['--speech-base-url', 'http://127.0.0.1:1/v1'], /--speech-base-url needs a --speech-model/],
    [['--extract-base-url', 'nowhere', '--extract-model', 'small'], /--extract-base-url/],
    [['--block-domain', ''], /--block-domain/],
  ];
  for (const [words, message] of nonsense) {
    it(`${words.join(' ')} is refused`, () => {
      assert.throws(() => asked(...words), { name: 'UsageError', message });
    });
  }

  it('take keys from the environment: the first service’s, and the others by their names', () => {
    const two = asked('--search', 'serper', '--search', 'brave');
    const both = { MIROTHINKER_SEARCH_KEY: 'first', MIROTHINKER_SEARCH_KEY_BRAVE: 'second' };
    assert.deepEqual(two.web(both).searchKeys, { serper: 'first', brave: 'second' });
    assert.deepEqual(two.web({ ...both, MIROTHINKER_SEARCH_KEY_SERPER: 'own' }).searchKeys, {
      serper: 'own',
      brave: 'second',
    });
    assert.throws(() => two.web({ MIROTHINKER_SEARCH_KEY: 'first' }), {
      message: /--search brave needs a key: put it into MIROTHINKER_SEARCH_KEY_BRAVE\./,
    });
    assert.throws(() => two.web({ MIROTHINKER_SEARCH_KEY_BRAVE: 'second' }), {
      message: /--search serper needs a key: put it into MIROTHINKER_SEARCH_KEY\./,
    });
    assert.deepEqual(asked(...searxng).web({}).searchKeys, {});
  });

  it('never give a service’s key to a server that needs none', () => {
    const env = { MIROTHINKER_SEARCH_KEY: 'of serper' };
    assert.deepEqual(asked(...searxng).web(env).searchKeys, {});
    assert.deepEqual(asked(...searxng, '--search', 'serper').web(env).searchKeys, { serper: 'of serper' });
    const own = { ...env, MIROTHINKER_SEARCH_KEY_SEARXNG: 'of its proxy' };
    assert.deepEqual(asked(...searxng).web(own).searchKeys, { searxng: 'of its proxy' });
  });

  it('give helpers the run’s server and key where they have none of their own', () => {
    const words = ['--base-url', 'http://127.0.0.1:1/v1', '--vision-model', 'eyes', '--speech-model', 'ears'];
    const web = asked(...words, '--speech-base-url', 'http://127.0.0.1:2/v1').web({
      MIROTHINKER_API_KEY: 'run',
      MIROTHINKER_SPEECH_KEY: 'own',
    });
    assert.deepEqual(web.vision, helper('eyes', 'run', 'http://127.0.0.1:1/v1'));
    assert.deepEqual(web.speech, helper('ears', 'own', 'http://127.0.0.1:2/v1'));
    assert.deepEqual([web.extractionKey, asked().web({}).vision], ['run', undefined]);
  });

  it('keep pages below the data folder, unless --no-cache', () => {
    assert.equal(asked().web({ XDG_DATA_HOME: '/data' }).cache?.folder, '/data/mirothinker/pages');
    assert.equal(asked('--no-cache').web({}).cache, undefined);
  });
});
