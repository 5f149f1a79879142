/** What the command line can do, as it says itself. */
export const usage = `Usage: mirothinker COMMAND [options]

  ask "QUESTION"    ask a research question about the workspace; "-" reads it from stdin
  resume RUN        go on with a run that did not end with an answer
  runs              list the runs of the workspace
  show RUN          show a run
  delete RUN        delete a run
  doctor            say what works on this machine and what to do about the rest

RUN is a run's id, a prefix that only one run has, or "last".

Options of every command:
  --workspace DIR          the folder to work in (default: this one)
  --runs DIR               the folder that holds the runs
  --json                   machine-readable output (ask, resume: the events, one a line)
  --help, --version

Options of ask and resume:
  --base-url URL           the OpenAI-compatible server (default http://127.0.0.1:8000/v1)
  --model NAME             the model (default: the first listed); "embedded" needs no server
  --tool-format F          auto, mcp-xml or native
  --max-turns N            at most so many turns (default 600)
  --max-calls N            at most so many tool calls (default 600)
  --keep N                 newest observations in view, -1 for all (default 5)
  --context N              the context window in tokens (default: what the server says)
  --auto-approve WHICH     sandbox (default): what is confined runs by itself; all; none
  --network off|on         whether commands reach the network (default off)
  --answer full|short      a readable answer, or the short one only (default full)
  --server-wait MINUTES    wait so long for a server that went away (default 0)
  --unconfined             let commands run without a sandbox where there is none

The API key is read from MIROTHINKER_API_KEY, the runs folder also from MIROTHINKER_RUNS_DIR.
Exit codes: 0 answered, 1 failed, 2 ended without an answer, 64 usage, 130 interrupted.
`;
