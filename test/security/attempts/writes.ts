import type { Attempt } from './attempt.ts';

/** Writing where nothing may be written. */
export const writes: readonly Attempt[] = [
  { name: 'an absolute path', run: 'echo pwn > {outside}/pwn', control: true },
  {
    name: 'a path through ..',
    run: 'echo pwn > ../../$(basename $(dirname {outside}))/outside/pwn; cd sub; echo pwn > ../../../$(basename $(dirname {outside}))/outside/pwn',
    control: true,
  },
  { name: 'a link that the command makes', run: 'ln -s {outside} made; echo pwn > made/pwn', control: true },
  { name: 'a link that stood there before', run: 'echo pwn > linked/pwn', control: true },
  { name: 'a linked file', run: 'echo pwn > linked-file', control: true },
  { name: 'a chain of links', run: 'ln -s linked one; ln -s one two; echo pwn > two/pwn', control: true },
  { name: 'a new hard link to a file outside', run: 'ln {outside}/secret.txt hard && echo pwn >> hard', control: true },
  {
    name: 'a hard link through a descriptor',
    python:
      'import os\nd = os.open("{outside}", os.O_RDONLY)\nos.link("secret.txt", "hard", src_dir_fd=d)\nopen("hard", "a").write("pwn")',
    control: true,
  },
  { name: 'moving a file out', run: 'mv notes.md {outside}/pwn', control: true },
  {
    name: 'exchanging a folder with one outside',
    python: 'import ctypes\nctypes.CDLL(None).renameat2(-100, b"sub", -100, b"{outside}", 2)',
    control: false,
  },
  { name: 'the root of a process', run: 'echo pwn > /proc/self/root{outside}/pwn', control: true },
  { name: 'the root of process 1', run: 'echo pwn > /proc/1/root{outside}/pwn', control: false },
  {
    name: 'the working directory of every process',
    run: 'for d in /proc/[0-9]*/cwd; do echo pwn > $d/../outside/pwn; done',
    control: false,
  },
  {
    name: 'every open descriptor',
    run: 'for f in /proc/self/fd/*; do case $f in */0|*/1|*/2|*/255) ;; *) echo pwn > $f/pwn; echo pwn > $f ;; esac; done',
    control: false,
  },
  {
    name: 'an unnamed file that gets its name outside',
    python:
      'import os\nfd = os.open(".", os.O_TMPFILE | os.O_WRONLY)\nos.write(fd, b"pwn")\nos.link("/proc/self/fd/%d" % fd, "{outside}/pwn", follow_symlinks=True)',
    control: false,
  },
  {
    name: 'mounting over',
    run: 'mkdir -p m; mount --bind / m && echo pwn > m{outside}/pwn',
    shows: /mount: |not permitted|denied/i,
    control: false,
  },
  {
    name: 'remounting the system writable',
    run: 'mount -o remount,rw /usr; mount -o remount,rw,bind /usr; touch /usr/pwn',
    control: false,
  },
  {
    name: 'a user namespace of its own',
    run: 'unshare -Urm sh -c "mount -o remount,rw,bind /usr; touch /usr/pwn; umount -l /home; echo in"',
    shows: /^(?!.*\bin\b)/s,
    control: false,
  },
  {
    name: 'a root of its own',
    python:
      'import os\nos.mkdir("jail")\nd = os.open("/", os.O_RDONLY)\nos.chroot("jail")\nos.fchdir(d)\nfor i in range(64): os.chdir("..")\nos.chroot(".")\nopen("{outside}/pwn", "w").write("pwn")',
    control: false,
  },
  {
    name: 'pivot_root and umount',
    run: "python3 -c \"import ctypes; c = ctypes.CDLL(None); print(c.umount2(b'/home', 2), c.umount2(b'/', 2), c.syscall(155, b'.', b'.'))\"",
    shows: /-1 -1 -1/,
    control: false,
  },
  {
    name: 'programs of the system',
    run: 'echo pwn > /usr/local/bin/pwn; cp /bin/true /usr/bin/pwn; touch /opt/pwn /etc/pwn /pwn',
    control: false,
  },
  { name: 'temporary folders of the machine', run: 'touch /tmp/pwn /var/tmp/pwn /dev/shm/pwn /run/pwn', control: true },
  {
    name: "the person's home",
    run: 'mkdir -p {home} {realHome}; echo pwn >> {home}/.bashrc; echo pwn > {realHome}/pwn',
    control: false,
  },
  { name: 'a device that it makes', run: 'mknod disk b 8 0; mknod mem c 1 1; ls -l disk mem', control: false },
  { name: 'the runs', run: 'echo pwn >> {runs}/20260101-000000-aaaaaa/events.jsonl; rm -rf {runs}', control: true },
  { name: 'deleting what is outside', run: 'rm -rf {outside}/* linked/* ../outside/*', control: true },
  {
    name: 'an archive with absolute names',
    run: 'python3 - <<E\nimport io, tarfile\nt = tarfile.open("a.tar", "w")\ni = tarfile.TarInfo("{outside}/pwn"); i.size = 3\nt.addfile(i, io.BytesIO(b"pwn"))\nt.close()\nE\ntar -xPf a.tar',
    control: true,
  },
  {
    name: 'a job that waits for the end of the call',
    run: '(setsid sh -c "sleep 0.3; echo pwn > {outside}/pwn" >/dev/null 2>&1 &)',
    then: 'sleep 0.5',
    control: true,
  },
];
