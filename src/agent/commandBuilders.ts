/** What builds, tests and installs, and its options that run something else or write. A table. */
import type { Program } from './commandOptions.ts';

const ofPackages =
  '-C: --prefix: --cwd: --dir: --userconfig: --globalconfig: --ignore-path: --script-shell: --shell: --node-options: --init-module: --git: --editor: --viewer: -w: --workspace: --workspaces --filter: -F: --use-node-version: --config: --preload: -r: --require: --env-file: --modules-folder:';
const packages: Program = { options: [['runs', ofPackages]] };
/** Options with values are listed without: a word with a dash is none to npm, and must not be left out as one. */
const npm: Program = {
  closed: true,
  options: [
    ['runs', ofPackages],
    [
      'safe',
      '-D -E -S -P -O -B -a -f -g -l -s -q -d -y --save-dev --save-prod --save-exact --save-optional --no-save --save --all --force --global --long --silent --quiet --verbose --loglevel --if-present --ignore-scripts --no-audit --no-fund --no-progress --audit --fund --progress --color --no-color --json --parseable --dry-run --offline --prefer-offline --foreground-scripts --production --omit --include --legacy-peer-deps --strict-peer-deps --no-optional --depth --package-lock-only --audit-level --access --tag --version --help -h -v --yes',
    ],
  ],
};
const make: Program = {
  closed: true,
  options: [
    ['runs', '-C: -f: -I: -E: -e --file: --makefile: --directory: --include-dir: --eval: --environment-overrides'],
    [
      'safe',
      '-o: -W: --old-file: --new-file: --assume-old: --assume-new: --what-if: -b -m -B -d -h -i -j? -k -l? -L -n -p -q -r -R -s -S -t -v -w -O? --always-make --debug? --help --ignore-errors --jobs? --keep-going --load-average? --just-print --dry-run --recon --no-print-directory --print-directory --print-data-base --question --no-builtin-rules --no-builtin-variables --silent --quiet --no-silent --no-keep-going --stop --touch --trace --version --warn-undefined-variables --output-sync? --check-symlink-times --shuffle?',
    ],
  ],
  also: [['runs', /^[^-].*=/s]],
  known: true,
};
const scripts: Program = {
  options: [
    [
      'runs',
      '-c: -r: --config: --require: --import: --loader: --experimental-loader: --file: --opts: --package: --setupFiles: --setupFilesAfterEnv: --globalSetup: --globalTeardown: --runner: --testRunner: --transform: --resolver: --rootDir: --root: --reporter: --environment: --testEnvironment: --ui: --plugin: --preset: --project:',
    ],
    ['writes', '--outFile: --outDir: --outputFile: --coverageDirectory: -u --update --updateSnapshot'],
    ['safe', '--coverage --run --project --test'],
  ],
};
const compiler: Program = {
  whole: true,
  options: [
    ['runs', '-wrapper: -B: -fplugin: -specs:'],
    ['writes', '-o: -MF: -save-temps'],
    ['safe', '-c -I: -L: -D: -l: -x: -isystem: -include:'],
  ],
  also: [
    ['runs', /^-(?:B|fplugin|specs|fuse-ld)|^@/],
    ['writes', /^-(?:o|save-temps|dump)/],
  ],
};

/** By name. */
export const builders: Readonly<Record<string, readonly Program[]>> = {
  npm: [npm],
  pnpm: [packages],
  yarn: [packages],
  bun: [packages],
  make: [make],
  gmake: [make],
  go: [
    {
      whole: true,
      options: [
        ['runs', '-exec: -toolexec: -vettool: -C: -overlay: -modfile: -ldflags: -gcflags: -asmflags: -gccgoflags:'],
        ['writes', '-o: -coverprofile: -cpuprofile: -memprofile: -trace: -blockprofile: -mutexprofile: -outputdir:'],
        ['safe', '-run: -tags: -count: -timeout: -bench: -p: -parallel:'],
      ],
    },
  ],
  cargo: [
    {
      options: [
        ['runs', '--config: --manifest-path: -C: -Z:'],
        ['writes', '--target-dir: --artifact-dir: --out-dir:'],
        ['safe', '-p: -j: -F: --package: --features: --bin: --test: --example: --bench: --target: --profile: --color:'],
      ],
    },
  ],
  pytest: [
    {
      options: [
        [
          'runs',
          '-c: -o: -p: --rootdir: --config-file: --confcutdir: --override-ini: --pyargs --pdbcls: --import-mode:',
        ],
        [
          'writes',
          '--basetemp: --junitxml: --junit-xml: --log-file: --debug? --resultlog: --cov-report: --cov-config:',
        ],
        [
          'safe',
          '-k: -m: -r: -W: -n: --maxfail: --tb: --durations: --deselect: --ignore: --cov? --timeout: --log-level: --color: --co --collect-only',
        ],
      ],
    },
  ],
  eslint: [
    {
      options: [
        [
          'runs',
          '-c: -f: --config: --format: --rulesdir: --resolve-plugins-relative-to: --parser: --plugin: --eslintrc --flag:',
        ],
        ['writes', '-o: --output-file: --fix --fix-type: --cache-file: --cache-location:'],
        ['safe', '--ext: --rule: --max-warnings: --cache --quiet'],
      ],
    },
  ],
  prettier: [
    {
      options: [
        ['runs', '--plugin: --plugin-search-dir: --config: --find-config-path: --ignore-path:'],
        ['writes', '-w --write --cache-location:'],
        ['safe', '-c -l --check --list-different'],
      ],
    },
  ],
  mocha: [scripts],
  jest: [scripts],
  vitest: [scripts],
  tsc: [scripts],
  gcc: [compiler],
  cc: [compiler],
  clang: [compiler],
  'g++': [compiler],
  'clang++': [compiler],
  node: [{ options: [], also: [['runs', /^(?:-r|--experimental-loader)/]] }],
};
