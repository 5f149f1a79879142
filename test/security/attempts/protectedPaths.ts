import type { Attempt } from './attempt.ts';

/** Protected paths of the workspace, by every route. */
export const protectedPaths: readonly Attempt[] = [
  { name: 'writing into .git', run: 'echo "[core] fsmonitor = x" >> .git/config', control: true },
  { name: 'a new hook', run: 'echo x > .git/hooks/pre-commit; chmod +x .git/hooks/*', control: true },
  { name: 'deleting .git', run: 'rm -rf .git', control: true },
  { name: 'moving .git', run: 'mv .git away', control: true },
  {
    name: 'replacing .git',
    run: 'mkdir new; echo x > new/config; mv -T --exchange new .git 2>/dev/null || { mv .git old; mv new .git; }',
    control: true,
  },
  {
    name: 'git itself',
    run: 'git config core.fsmonitor x; git config alias.x "!x"; git remote add o x',
    control: false,
  },
  { name: 'an alias of .git', run: 'ln -s .git alias; echo x >> alias/config', control: true },
  { name: 'a hard link to what is in .git', run: 'ln .git/config link && echo x >> link', control: true },
  {
    name: 'a descriptor that was opened to read',
    python: 'import os\nfd = os.open(".git/config", os.O_RDONLY)\nopen("/proc/self/fd/%d" % fd, "a").write("x")',
    control: true,
  },
  {
    name: 'changing mode and times',
    run: 'chmod 777 .git/config .vscode; touch -d 2001-01-01 .git/config; setfattr -n user.x -v y .git/config',
    control: true,
  },
  { name: "a nested repository's configuration", run: 'echo x >> sub/repo/.git/config', control: true },
  {
    name: 'moving the folder above a repository',
    run: 'mv sub sub2; mkdir -p sub/repo/.git; echo x > sub/repo/.git/config',
    control: true,
  },
  {
    name: 'moving the repository',
    run: 'mv sub/repo sub/other; mkdir -p sub/repo/.git; echo x > sub/repo/.git/config',
    control: true,
  },
  { name: 'deleting the folder above', run: 'rm -rf sub', control: true },
  {
    name: "the editor's settings",
    run: 'echo "{ }" > .vscode/settings.json; echo "{}" > .vscode/tasks.json',
    control: true,
  },
  {
    name: 'deleting the settings',
    run: 'rm -rf .vscode; mkdir .vscode; echo x > .vscode/settings.json',
    control: true,
  },
  { name: 'an MCP configuration that is not there', run: 'echo "{}" > .mcp.json; echo "{}" > mcp.json', control: true },
  {
    name: 'one for other agents, in a new folder',
    run: 'mkdir -p .claude; echo "{}" > .claude/settings.json',
    control: true,
  },
  { name: 'a workspace file', run: 'echo "{}" > a.code-workspace; echo "{}" > sub/B.CODE-WORKSPACE', control: true },
  {
    name: 'a container configuration',
    run: 'echo "{\\"a\\": 1}" > .devcontainer/devcontainer.json; echo "{}" > .devcontainer.json',
    control: true,
  },
  {
    name: 'a new repository',
    run: 'git init -q fresh; mkdir -p deep/er/.git; echo x > deep/er/.git/config',
    control: true,
  },
  {
    name: 'a file that names a repository elsewhere',
    run: 'mkdir -p w; echo "gitdir: ../evil" > w/.git',
    control: true,
  },
  {
    name: 'a bare repository',
    run: 'mkdir -p bare/objects bare/refs; echo "ref: refs/heads/x" > bare/HEAD; printf "[core]\\n\\tfsmonitor = x\\n\\tbare = true\\n" > bare/config',
    control: true,
  },
  {
    name: 'another spelling',
    run: 'mkdir -p .GIT .Vscode; echo x > .GIT/config; echo x > .Vscode/settings.json',
    control: true,
  },
  {
    name: 'one made at home and moved in',
    run: 'mkdir -p ~/x/.git ~/y; echo x > ~/x/.git/config; echo x > ~/y/.mcp.json; mv ~/x/.git sub/.git; mv ~/y y',
    control: false,
  },
  {
    name: 'one made again and again until the end',
    run: 'for i in $(seq 300); do mkdir -p sub/n$i/.git; echo x > sub/n$i/.git/config; done',
    control: true,
  },
  {
    name: 'a link in place of a folder that holds one',
    run: 'mkdir -p ~/repo/.git; rm -rf sub/repo; ln -s ~/repo sub/repo',
    control: true,
  },
  {
    name: 'a thread that goes on behind the call',
    python:
      'import os, threading, time\ndef later():\n    time.sleep(0.2)\n    os.makedirs("late/.git"); open("late/.git/config", "w").write("x")\nthreading.Thread(target=later).start()',
    then: 'sleep 1.5',
    control: true,
  },
  {
    name: 'times put back',
    run: 'mkdir -p quiet; touch -d 2001-01-01 quiet; mkdir quiet/.git; echo x > quiet/.git/config; touch -d 2001-01-01 quiet',
    control: true,
  },
  {
    name: 'a name that is not text',
    run: "mkdir -p $'odd\\xff\\nname/.git'; echo x > $'odd\\xff\\nname/.git/config'",
    control: true,
  },
];
