import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { makeSandbox, type TestSandbox } from './sandbox.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const plot = 'import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nNone';

describe('pictures of Python code', function () {
  this.timeout(120_000);
  let test: TestSandbox;
  let id: string;
  before(async () => (test = await makeSandbox()));
  beforeEach(async () => (id = await test.shell.create(60_000)));
  after(() => test.dispose());

  it('are the figures that are open at the end, saved as files and closed', async () => {
    const { pictures, error, stderr } = await test.python(`${plot}\nplt.figure(figsize=(2, 1))\nNone`, id);
    assert.deepEqual([error, stderr], [undefined, '']);
    assert.deepEqual(
      pictures.map(({ path }) => path),
      ['/home/user/figures/figure-1.png', '/home/user/figures/figure-2.png'],
    );
    const [first] = pictures;
    assert.ok(first?.bytes && signature.equals(first.bytes.subarray(0, 8)));
    assert.ok(first.width > 300 && first.height > 200 && first.bytes.length === first.sizeBytes);
    const hash = createHash('sha256').update(first.bytes).digest('hex');
    assert.match((await test.command('sha256sum ~/figures/figure-1.png', id)).output, new RegExp(`^${hash} `));
    assert.equal((await test.python('plt.get_fignums()', id)).stdout, '[]\n');
  });

  it('count on, also in a new interpreter', async () => {
    await test.python(plot, id);
    await test.python('import os; os._exit(0)', id);
    assert.equal((await test.python(plot, id)).pictures[0]?.path, '/home/user/figures/figure-2.png');
  });

  it('come of show at once, without a warning', async () => {
    const code =
      'import matplotlib.pyplot as plt, os\nfig, ax = plt.subplots()\nplt.show()\nprint(os.listdir("/home/user/figures"), plt.get_fignums())\nother, ax = plt.subplots()\nother.show()\nNone';
    const { pictures, stdout, stderr } = await test.python(code, id);
    assert.equal(stderr, '');
    assert.equal(stdout, "['figure-1.png'] []\n");
    assert.equal(pictures.length, 2);
  });

  it('are made though the code raises', async () => {
    const result = await test.python(`${plot}\n1 / 0`, id);
    assert.match(result.error ?? '', /ZeroDivisionError/);
    assert.equal(result.pictures.length, 1);
  });

  it('are what a last expression gives', async () => {
    const image = await test.python('from PIL import Image\nImage.new("RGB", (30, 20), "red")', id);
    assert.match(image.stdout, /^<PIL.Image.Image/);
    assert.deepEqual(
      image.pictures.map(({ width, height, bytes }) => [width, height, bytes !== undefined]),
      [[30, 20, true]],
    );
    await test.python('import matplotlib.pyplot as plt\nfig, ax = plt.subplots()', id);
    assert.equal((await test.python('fig', id)).pictures.length, 1, 'a figure that was closed');
    assert.equal((await test.python('fig2, ax = plt.subplots()\nfig2', id)).pictures.length, 1, 'an open figure');
    const bad = await test.python('class Bad:\n    def _repr_png_(self): return b"<svg>"\nBad()', id);
    assert.deepEqual([bad.pictures, bad.error], [[], undefined]);
    const raising = await test.python('class Bad:\n    def _repr_png_(self): 1 / 0\nBad()', id);
    assert.match(raising.stderr, /could not be made: ZeroDivisionError/);
    assert.deepEqual(raising.notes, ['1 value gave no picture; the reason is in stderr.']);
  });

  it('that cannot be saved are told in one note, however many they are', async () => {
    await test.command('touch ~/figures', id);
    const png = String.raw`b"\x89PNG\r\n\x1a\n" + b"\0" * 20`;
    const code = `import sys
class Bad:
    def _repr_png_(self): return ${png}
frame = sys._getframe()
while frame.f_code.co_name != "_drive": frame = frame.f_back
for n in range(25): frame.f_locals["pictures"].take_value(Bad())`;
    const { notes, stderr, pictures } = await test.python(code, id);
    assert.equal(pictures.length, 25);
    assert.deepEqual(notes, ['25 pictures could not be saved as a file; the reason is in stderr.']);
    assert.match(stderr, /^A picture could not be saved as a file: FileExistsError: .*\n$/);
  });

  it('are at most ten and 5 MB each, the others only files', async () => {
    const many = 'import matplotlib.pyplot as plt\nfor n in range(12): plt.figure(figsize=(0.5, 0.5))';
    const twelve = (await test.python(many, id)).pictures;
    assert.deepEqual([twelve.length, twelve.filter(({ bytes }) => bytes).length], [12, 10]);
    const noise = 'from PIL import Image\nimport os\nImage.frombytes("RGB", (1500, 1300), os.urandom(1500 * 1300 * 3))';
    const [large] = (await test.python(noise, id)).pictures;
    assert.ok(large && large.bytes === undefined && large.sizeBytes > 5_000_000);
    assert.equal((await test.command(`stat -c %s ${large.path}`, id)).output, `${large.sizeBytes}\n`);
  });

  it('that cannot be drawn are said, and gone', async () => {
    const wrong = String.raw`import matplotlib.pyplot as plt
plt.title(r"$\frac{1}$")
None`;
    const { notes, error, stderr } = await test.python(wrong, id);
    assert.equal(error, undefined);
    assert.match(stderr, /A figure could not be drawn: ValueError/);
    assert.deepEqual(notes, ['1 figure could not be drawn; the reason is in stderr.']);
    assert.equal((await test.python('plt.get_fignums()', id)).stdout, '[]\n');
  });

  it('are not written through a link, and sent though they cannot be written', async () => {
    await test.command('mkdir ~/figures && ln -s $PWD/outside.png ~/figures/figure-1.png', id);
    assert.equal((await test.python(plot, id)).pictures[0]?.path, '/home/user/figures/figure-2.png');
    assert.doesNotMatch((await test.command('ls', id)).output, /outside/);
    await test.command('rm -r ~/figures && touch ~/figures', id);
    const { pictures, notes, stderr } = await test.python(plot, id);
    assert.ok(pictures[0]?.bytes);
    assert.match(stderr, /could not be saved as a file: FileExistsError/);
    assert.equal(notes.length, 1);
  });
});
