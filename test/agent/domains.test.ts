import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commonDomains, domainAllowed, domainProblem } from '../../src/agent/domains.ts';

/** An entry, and what it holds and does not hold, as `host:port`. */
const cases: readonly (readonly [entry: string, held: readonly string[], not: readonly string[]])[] = [
  [
    'example.org',
    [
      'example.org:443',
      'example.org:80',
      'a.example.org:443',
      'a.b.example.org:80',
      'EXAMPLE.org:443',
      'example.org.:443',
    ],
    [
      'example.org:8080',
      'example.org:22',
      'notexample.org:443',
      'example.org.evil.net:443',
      'example.com:443',
      'org:443',
    ],
  ],
  ['=example.org', ['example.org:443', 'Example.Org.:80'], ['a.example.org:443', 'example.org:81']],
  ['*.example.org', ['a.example.org:443', 'a.b.example.org:443'], ['example.org:443', 'xexample.org:443']],
  ['example.org:8080', ['example.org:8080', 'a.example.org:8080'], ['example.org:443', 'example.org:80']],
  ['=example.org:8080', ['example.org:8080'], ['a.example.org:8080', 'example.org:443']],
  ['EXAMPLE.org.', ['example.org:443', 'a.EXAMPLE.ORG:443'], ['example.net:443']],
  [
    'bücher.example',
    ['bücher.example:443', 'xn--bcher-kva.example:443', 'BÜCHER.example:443', 'a.bücher.example:80'],
    ['bucher.example:443'],
  ],
  ['xn--bcher-kva.example', ['bücher.example:443'], ['bcher-kva.example:443']],
  ['192.0.2.7', ['192.0.2.7:443', '0xc0.0.2.7:80'], ['192.0.2.8:443', '1.192.0.2.7:443', '192.0.2.7:8080']],
  ['[2001:db8::1]', ['[2001:db8::1]:443', '[2001:DB8:0::1]:80'], ['[2001:db8::2]:443']],
  ['2001:db8::1', ['[2001:db8::1]:443'], ['[2001:db8::11]:443']],
  ['[2001:db8::1]:8443', ['[2001:db8::1]:8443'], ['[2001:db8::1]:443']],
  ['2.7', [], ['192.0.2.7:443']],
  [
    'example.org',
    [],
    [
      'user@example.org:443',
      'evil.net/example.org:443',
      'evil.net#.example.org:443',
      'evil.net%2eexample.org:443',
      'a b.example.org:443',
      ':443',
      '.example.org:443',
      '..example.org:443',
    ],
  ],
];

function allowed(entry: string, place: string): boolean {
  const colon = place.lastIndexOf(':');
  return domainAllowed([entry], place.slice(0, colon), Number(place.slice(colon + 1)));
}

describe('domainAllowed', () => {
  for (const [entry, held, not] of cases) {
    for (const place of held) it(`${entry} holds ${place}`, () => assert.ok(allowed(entry, place)));
    for (const place of not) it(`${entry} does not hold ${place}`, () => assert.ok(!allowed(entry, place)));
  }

  it('holds nothing with an empty list', () => assert.ok(!domainAllowed([], 'example.org', 443)));

  it('holds nothing for an entry that is none', () => {
    for (const entry of [
      '*',
      '*.*',
      'ex*mple.org',
      'https://example.org',
      'example.org/x',
      'a@b',
      'example.org:0',
      'example.org:99999',
      'example.org:x',
      '',
      ' ',
      '=',
      '*.192.0.2.7',
      'a b',
    ]) {
      assert.ok(domainProblem(entry) !== undefined, entry);
      for (const host of ['example.org', 'x', '192.0.2.7', 'a.b']) assert.ok(!domainAllowed([entry], host, 443), entry);
    }
  });

  it('finds nothing wrong with entries that are some', () => {
    for (const [entry] of cases) assert.equal(domainProblem(entry), undefined, entry);
  });
});

const label = fc.constantFrom('a', 'b', 'example', 'org');
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const entry = fc
  .tuple(
    fc.constantFrom('', '=', '*.'),
    fc.oneof(host, fc.constantFrom('192.0.2.7', '[2001:db8::1]')),
    fc.constantFrom('', ':80', ':443', ':8080'),
  )
  .map((parts) => parts.join(''));
const list = fc.array(entry, { maxLength: 4 });

describe('commonDomains', () => {
  it('holds exactly what both hold', () => {
    fc.assert(
      fc.property(
        list,
        list,
        fc.oneof(host, fc.constant('192.0.2.7')),
        fc.constantFrom(80, 443, 8080),
        (a, b, name, port) => {
          const both = domainAllowed(a, name, port) && domainAllowed(b, name, port);
          assert.equal(domainAllowed(commonDomains(a, b), name, port), both);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
