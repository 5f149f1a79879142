/** Programs that do more under some of their options: write files, run others, take their orders from elsewhere. A table. */
import { builders } from './commandBuilders.ts';
import type { Program } from './commandOptions.ts';

/** For whatever program. Names of safe ones are beginnings of others. */
export const anyProgram: Program = {
  options: [
    ['writes', '--output --output-file --output-dir --outfile --out --in-place --log-file'],
    [
      'runs',
      '--ext-diff --textconv --open-files-in-pager --pager --exec --extcmd --eval --rsh --script-shell --compress-program --node-options --require --import --loader --init-file --rcfile',
    ],
    ['safe', '--text --ext --compress --open --log --init --load --node --page --script'],
  ],
};

const sed: Program = {
  closed: true,
  options: [
    ['script', '-e: --expression:'],
    ['runs', '-f: --file:'],
    ['writes', '-i? -I? --in-place?'],
    [
      'safe',
      '-n -E -r -s -u -z -b -l: --quiet --silent --regexp-extended --separate --unbuffered --null-data --zero-terminated --posix --debug --line-length: --sandbox --binary --follow-symlinks --help --version',
    ],
  ],
};
const awk: Program = {
  closed: true,
  ordered: true,
  options: [
    ['runs', '-f: --file: -i: --include: -l: --load: -E: --exec: -D? --debug?'],
    ['writes', '-d? --dump-variables? -o? --pretty-print? -p? --profile?'],
    [
      'safe',
      '-F: -v: --field-separator: --assign: -b -c -C -g -h -k -M -n -N -O -P -r -s -S -t -V --characters-as-bytes --traditional --csv --help --version --bignum --posix --re-interval --sandbox --no-optimize --optimize --use-lc-numeric --lint? -L?',
    ],
  ],
};
const shown = (second: string): Program => ({
  second,
  options: [
    [
      'safe',
      '-n: -G: -S: -L: --grep: --author: --committer: --since: --until: --after: --before: --date: --max-count: --skip:',
    ],
  ],
});
const sorting =
  '-b -d -f -g -i -M -h -n -R -r -V -c -C -m -s -u -z -k: -S: -t: -T: --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort --random-sort --random-source: --reverse --sort: --version-sort --batch-size: --check? --debug --files0-from: --key: --merge --stable --buffer-size: --field-separator: --temporary-directory: --parallel: --unique --zero-terminated --help --version';
/** By name. */
export const programs: Readonly<Record<string, readonly Program[]>> = {
  git: [
    {
      options: [
        ['writes', '--output: --output-directory:'],
        [
          'runs',
          '--ext-diff --textconv --open-files-in-pager? --exec: --extcmd: --upload-pack: --receive-pack: --exec-path? --config-env: --filters --template: --edit-description',
        ],
        ['safe', '--text --pretty? --format? --branches? --output-indicator-new --output-indicator-old'],
      ],
    },
    ...['log', 'show'].map(shown),
    { second: 'diff', options: [['safe', '-G: -S:']] },
    {
      second: 'commit',
      options: [['safe', '-m: -F: -C: -c: --message: --file: --author: --date: --trailer: --fixup: --squash:']],
    },
    { second: 'tag', options: [['safe', '-m: -F: --message: --file:']] },
    {
      second: 'grep',
      options: [
        ['runs', '-O?'],
        ['safe', '-e: -f: -A: -B: -C: -m:'],
      ],
    },
    { second: 'difftool', options: [['runs', '-x: -t: --tool: --extcmd:']] },
    { second: 'rebase', options: [['runs', '-x: --exec:']] },
    {
      second: 'archive',
      options: [
        ['writes', '-o: --output:'],
        ['runs', '--remote:'],
      ],
    },
    { second: 'format-patch', options: [['writes', '-o:']] },
    { second: 'ls-remote', options: [['runs', '--upload-pack: --exec:']] },
  ],
  find: [
    {
      closed: true,
      whole: true,
      options: [
        ['writes', '-delete -fls: -fprint: -fprint0: -fprintf:'],
        [
          'safe',
          '-name: -iname: -path: -ipath: -wholename: -iwholename: -regex: -iregex: -regextype: -type: -xtype: -size: -mtime: -mmin: -atime: -amin: -ctime: -cmin: -newer: -newermt: -newerat: -newerct: -newermm: -anewer: -cnewer: -maxdepth: -mindepth: -perm: -user: -group: -uid: -gid: -inum: -links: -samefile: -lname: -ilname: -fstype: -used: -printf: -context: -D: -print -print0 -ls -prune -quit -depth -d -xdev -mount -follow -empty -readable -writable -executable -true -false -not -and -or -a -o -nouser -nogroup -daystart -noleaf -ignore_readdir_race -noignore_readdir_race -warn -nowarn -H -L -P -O0 -O1 -O2 -O3 -E -x -help -version',
        ],
      ],
    },
  ],
  sed: [sed],
  gsed: [sed],
  awk: [awk],
  gawk: [awk],
  mawk: [awk],
  man: [
    {
      options: [
        [
          'runs',
          '-P: -H? -C: -M: -m: -l --html? --browser: --config-file: --preprocessor: -p: --manpath: --pager: --local-file',
        ],
        ['safe', '-k -f -s: -w -a'],
      ],
    },
  ],
  sort: [
    {
      closed: true,
      options: [
        ['writes', '-o: --output:'],
        ['runs', '--compress-program:'],
        ['safe', sorting],
      ],
    },
  ],
  shuf: [
    {
      closed: true,
      options: [
        ['writes', '-o: --output:'],
        [
          'safe',
          '-e -i: -n: -r -z --echo --input-range: --head-count: --random-source: --repeat --zero-terminated --help --version',
        ],
      ],
    },
  ],
  uniq: [
    {
      closed: true,
      reads: 1,
      options: [
        [
          'safe',
          '-c -d -D -f: -i -s: -u -z -w: --count --repeated --all-repeated? --skip-fields: --group? --ignore-case --skip-chars: --unique --zero-terminated --check-chars: --help --version',
        ],
      ],
    },
  ],
  xxd: [
    {
      closed: true,
      whole: true,
      reads: 1,
      options: [
        ['writes', '-r -revert'],
        [
          'safe',
          '-a -autoskip -b -bits -C -capitalize -c: -cols: -d -decimal -E -EBCDIC -e -g: -groupsize: -h -help -i -include -l: -len: -n: -name: -o: -offset: -p -ps -plain -postscript -s: -seek: -u -uppercase -v -version',
        ],
      ],
    },
  ],
  file: [
    {
      options: [
        ['writes', '-C --compile'],
        ['safe', '-f: -F: -e: -P:'],
      ],
    },
  ],
  date: [
    {
      options: [
        ['writes', '-s: --set:'],
        ['safe', '-d: -f: -r: -I? --date: --file: --reference:'],
      ],
    },
  ],
  iconv: [
    {
      options: [
        ['writes', '-o: --output:'],
        ['safe', '-f: -t:'],
      ],
    },
  ],
  tree: [
    {
      options: [
        ['writes', '-o: -R'],
        ['safe', '-L: -P: -I: -H: -T:'],
      ],
    },
  ],
  rg: [
    {
      options: [
        ['runs', '--pre: --hostname-bin:'],
        [
          'safe',
          '-A: -B: -C: -E: -M: -T: -d: -e: -f: -g: -j: -m: -r: -t: --regexp: --file: --glob: --type: --pretty --pre-glob: --context: --max-count:',
        ],
      ],
    },
  ],
  ag: [{ options: [['runs', '--pager: -p: --path-to-ignore:']] }],
  bat: [
    {
      options: [
        ['runs', '--pager:'],
        ['safe', '-l: -r: -p --language: --paging:'],
      ],
    },
  ],
  yq: [
    {
      options: [
        ['writes', '-o: -i --inplace -s: --split-exp:'],
        ['safe', '-I:'],
      ],
    },
  ],
  less: [
    {
      options: [
        ['writes', '-o: -O: -k: --lesskey-file: --lesskey-src: --LOG-FILE:'],
        ['runs', '-t: -T: --lesskey-content: --tag: --tag-file:'],
      ],
      also: [['runs', /^\+/]],
    },
  ],
  tar: [
    {
      options: [
        [
          'runs',
          '-I: -F: --to-command: --checkpoint-action: --use-compress-program: --info-script: --new-volume-script: --rsh-command: --rmt-command:',
        ],
        [
          'safe',
          '-f: -C: -b: -g: -K: -L: -N: -T: -V: -X: -H: --file: --directory: --exclude: --exclude-from: --files-from: --transform: --strip-components: --owner: --group: --mode: --mtime: --format: --checkpoint? --to-stdout',
        ],
      ],
    },
  ],
  rsync: [
    {
      options: [
        ['runs', '-e: -M: --rsh: --rsync-path: --remote-option: --config:'],
        ['writes', '--log-file: --write-batch: --only-write-batch:'],
        [
          'safe',
          '-f: --filter: -B: -T: --exclude: --include: --exclude-from: --include-from: --files-from: --temp-dir:',
        ],
      ],
    },
  ],
  curl: [
    {
      options: [
        [
          'writes',
          '-o: -O -c: -D: -J -K: --output: --output-dir: --remote-name --remote-name-all --remote-header-name --config: --cookie-jar: --dump-header: --trace: --trace-ascii: --stderr: --etag-save: --hsts: --alt-svc: --libcurl:',
        ],
        [
          'safe',
          '-A: -b: -d: -e: -E: -F: -h? -H: -m: -P: -Q: -r: -t: -T: -u: -U: -x: -X: -y: -Y: -z: -C: --data: --header: --request: --max-time: --url: --user: --user-agent: --connect-timeout: --retry:',
        ],
      ],
      also: [['writes', /%output\{/]],
    },
  ],
  wget: [
    {
      options: [
        [
          'writes',
          '-o: -O: -a: -P: --output-file: --output-document: --append-output: --directory-prefix: --save-cookies: --warc-file: --hsts-file: --rejected-log:',
        ],
        ['runs', '-e: --execute: --config: --use-askpass:'],
        ['safe', '-t: -T: -w: -Q: -U: -i: -B: -A: -R: -D: -I: -X: -l: --tries: --timeout:'],
      ],
    },
  ],
  ...builders,
};
