import assert from 'node:assert/strict';
import { givenChoice, isThisMachine, searchOffers, withProvider } from '../../../src/host/searchChoices.ts';
import { searchProviderSchema } from '../../../src/shared/webSettings.ts';

describe('searchOffers', () => {
  it('offers every provider, each with an address or a place to get a key', () => {
    assert.deepEqual(
      searchOffers.map(({ provider }) => provider).toSorted(),
      [...searchProviderSchema.options].toSorted(),
    );
    for (const { address, key, provider } of searchOffers)
      assert.equal((address === undefined) !== (key === undefined), true, provider);
  });
});

describe('withProvider', () => {
  const list = [{ provider: 'serper' }, { provider: 'kiwix', url: 'http://a.test' }] as const;

  it('puts a new one in front, and a known one where it is', () => {
    const searxng = { provider: 'searxng', url: 'http://b.test' } as const;
    assert.deepEqual(withProvider(list, searxng), [searxng, ...list]);
    const moved = { provider: 'kiwix', url: 'http://c.test' } as const;
    assert.deepEqual(withProvider(list, moved), [list[0], moved]);
  });
});

describe('givenChoice', () => {
  it('takes a provider with its address or key, and this machine only where that is said', () => {
    assert.deepEqual(givenChoice({ provider: 'searxng', url: 'http://a.test' }), {
      choice: { provider: 'searxng', url: 'http://a.test' },
      key: undefined,
      allowLoopback: false,
    });
    assert.deepEqual(givenChoice({ provider: 'brave', key: 'k', allowLoopback: true }), {
      choice: { provider: 'brave' },
      key: 'k',
      allowLoopback: true,
    });
    for (const wrong of [{}, 'searxng', { provider: 'google' }, { provider: 'brave', key: '' }, null]) {
      assert.throws(() => givenChoice(wrong), { name: 'UserError', message: /Set Up Search takes/ });
    }
  });
});

describe('isThisMachine', () => {
  it('knows every name and spelling of it', () => {
    const here = [
      'http://localhost:8888',
      'http://LOCALHOST',
      'http://a.localhost/',
      'http://127.0.0.1/',
      'http://127.9.9.9',
      'http://[::1]:80/',
      'http://[::ffff:127.0.0.1]/',
      'http://2130706433/',
      'http://0x7f.1/',
    ];
    for (const address of here) assert.equal(isThisMachine(address), true, address);
    for (const address of ['http://192.168.1.2', 'https://example.org', 'http://localhost.example.org', 'nonsense'])
      assert.equal(isThisMachine(address), false, address);
  });
});
