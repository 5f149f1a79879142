import type { Attempt } from './attempt.ts';

/** Using up the machine. Each has to end, and the world has to be as it was. */
export const resources: readonly Attempt[] = [
  {
    name: 'a fork bomb',
    run: 'bomb() { bomb | bomb & }; bomb; sleep 30',
    shows: /fork: .*Resource temporarily unavailable/,
    ends: 'early',
    control: false,
  },
  {
    name: 'processes that nobody waits for',
    python:
      'import os, time\nfor i in range(5000):\n    try:\n        if os.fork() == 0: time.sleep(60); os._exit(0)\n    except OSError as e: print("refused", e.errno); break',
    shows: /refused 11/,
    ends: 'early',
    control: false,
  },
  {
    name: 'memory',
    python: 'kept = bytearray(1 << 36)',
    shows: /MemoryError|Killed|SIGKILL|signal 9/,
    ends: 'early',
    control: false,
  },
  {
    name: 'memory of many processes',
    run: 'for i in 1 2 3 4 5 6 7 8; do (python3 -c "x = bytearray(b\'x\') * (1 << 30); import time; time.sleep(20)"; echo "ended $?") & done; wait',
    shows: /MemoryError|ended 137/,
    ends: 'early',
    control: false,
  },
  {
    name: 'a huge file',
    run: 'head -c 3000000000 /dev/zero > huge || dd if=/dev/zero of=huge bs=1M count=3000; stat -c %s huge',
    shows: /File size limit|File too large|too large|\b268435456\b/i,
    ends: 'early',
    control: false,
  },
  {
    name: 'open files',
    python:
      'import os\ntry:\n    for i in range(100000): os.open("/dev/null", 0)\nexcept OSError as e: print("refused", e.errno)',
    shows: /refused 24/,
    control: false,
  },
  {
    name: 'a processor',
    run: 'python3 -c "while True: pass"',
    shows: /CPU time|Killed|Timed out|timed/i,
    ends: 'early',
    control: false,
  },
  { name: 'output without end', run: 'yes', ends: 'early', control: false },
  {
    name: 'a child that ignores every signal',
    run: 'trap "" INT TERM HUP QUIT; while :; do sleep 1; done',
    ends: 'early',
    control: false,
  },
  {
    name: 'a child that leaves its session',
    run: 'setsid nohup sh -c "trap \\"\\" TERM; sleep 97531" & disown; (sleep 97531 &) & exec sleep 97531',
    ends: 'early',
    control: false,
  },
];
