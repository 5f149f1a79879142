/** What the command line can do, as it says itself. */
export const usage = `Usage: mirothinker COMMAND [options]

  ask "QUESTION"    ask a research question about the workspace; "-" reads it from stdin
  resume RUN        go on with a run that did not end with an answer
  fork RUN          go on from a turn of a run, as a new run; the old one stays as it is
  answer RUN        have a run that stopped give its answer now, from what there is
  runs              list the runs of the workspace
  show RUN          show a run, or one turn of it
  export RUN        write the answer as a report: Markdown with footnotes, HTML or BibTeX
  changes RUN       list the files that a run changed, with their lines
  restore RUN [FILE…]
                    put files back as they were before the run, or after one of its turns
  delete RUN        delete a run
  doctor            say what works on this machine and what to do about the rest

RUN is a run's id, a prefix that only one run has, or "last".

Every command:
  --workspace DIR          the folder to work in (default: this one)
  --runs DIR               the folder that holds the runs
  --json                   machine-readable output (a run: its events, one a line)
  --help, --version

ask, resume, fork, answer: the model server
  --base-url URL           the OpenAI-compatible server (default http://127.0.0.1:8000/v1)
  --model NAME             the model (default: the first listed); "embedded" needs no server
  --tool-format F          auto (default), mcp-xml or native
  --context N              the context window in tokens (default: what the server says)
  --server-wait MINUTES    wait so long for a server that went away (default 0)
  --answer full|short      a readable answer, or the short one only (default full)

ask, resume, fork: the run (resume and fork keep what the run had, unless named)
  --keep N                 newest results that stay in the model's view, -1 for all (default 5)
  --slack N                so many more may stand before they are masked in one go (default 10)
  --retention POLICY       recency (default), or watermark: nothing is masked before 90 % of the window
  --protocol paper         exactly the paper's retention: no slack
  --attempts N             fresh starts after turns or window are used up (default 5; 1: none)
  --max-turns N            at most so many turns in one attempt (default 600)
  --max-calls N            at most so many tool calls for one question (default 600)
  --budget-minutes X       time for one question, without what waits for you (default: no limit)
  --budget-tokens N        tokens for one question, prompts and replies together (default: no limit)
  --budget-prompt-tokens N, --budget-completion-tokens N
                           the same for either alone; naming any budget replaces all of them
  --seed N                 the sampling seed (default: the server's choice)
  --sub-agents             let the model hand subtasks to nested runs (default: off)
  --auto-approve WHICH     sandbox (default): what is confined runs by itself; write: changing files
                           does, commands ask; all; none
  --allow-command PREFIX, --ask-command PREFIX, --deny-command PREFIX
                           rules for commands, by their first words: --deny-command "git push".
                           They hold for every command of a line; deny goes before ask, ask before
                           allow, and what asks is denied where nobody can answer
  --allow-tool NAME, --ask-tool NAME, --deny-tool NAME
                           rules for tools; each may be given several times, and naming any rule
                           replaces all of them. A .mirothinker.json in the workspace narrows them
  --network MODE           off (default); allowlist: the domains below; on: as you do
  --domain NAME            a domain that commands may reach with --network allowlist; several times
  --files MODE             read-write (default), read-only, or overlay: changes stay in the sandbox
  --read-only-path DIR     what commands may read beside (a toolchain); several times
  --python FILE            the sandbox's interpreter (default: python3)
  --command-timeout S      time that a call may take (default 600)
  --limit NAME=N           memory=MiB, cpu=S, processes=N, file=MiB, files=N; 0: none; several times
  --no-checkpoints         changes cannot be undone
  --mcp FILE               MCP servers, as in VS Code's mcp.json; several times. The workspace's own
                           .vscode/mcp.json counts as well; nothing starts that is not trusted
  --trust-mcp NAME         trusts a server as it is configured now, or "all"; several times
  --mcp-off PATTERN, --mcp-read-only PATTERN
                           server.tool, with *: tools that are left out; that only read, so that
                           they do not ask first; each several times
  --mcp-start S            time that a server may take to be there (default 20)
  --unconfined             let commands run without a sandbox where there is none

ask, resume, fork: finding things out (doctor tries --search, --search-url and --allow-loopback)
  --search NAME            searxng, kiwix (both with --search-url), serper, brave or tavily (these with
                           a key); several times: the next is asked where one fails
  --search-url URL         the server of the --search of the same place; for a service, another address
  --allow-loopback         search servers and pages may be on this machine
  --web, --no-web          read pages without a search, or none (default: where there is a search)
  --block-domain NAME      neither found nor read: example.org, or example.org/folder; several times
  --evaluating             block what no evaluation may find: the benchmarks' own data sets
  --trust-domain NAME      a domain whose addresses the model may make up; several times
  --ignore-robots          read what robots.txt keeps programs from
  --render                 render pages that need JavaScript, with an installed Chrome or Chromium
  --speculative WHEN       read the first results ahead: auto (default: where the search is on this
                           machine), on, off
  --extract-model NAME, --extract-base-url URL
                           a light model that takes out of pages what is asked for (default: the run's)
  --vision-model NAME, --vision-base-url URL
                           a model that describes pictures
  --speech-model NAME, --speech-base-url URL
                           a model that writes down speech
  --no-cache               keep no pages for later runs, and take none from earlier ones
  --clarify                let the model ask back first where the question can mean several things
  --plan                   let the model make a plan of sub-questions first, and tick it off

ask:
  --attach FILE            a file of any place and format that goes with the question; several times
  --rollouts N             ask N times with different seeds; the majority's answer counts (default 1)
fork:
  --turn N                 the last turn that is kept, 0 for the question alone (default: the newest)
  --note TEXT              a note to the model, behind that turn
  --restore-files          begin with the files as they were after that turn; --yes: without asking
show:
  --turn N                 that turn whole: thought, calls, results, and what was undone before it
  --turn N --prompt        the messages that were sent for that turn, as JSON
  --source N               what was read of source N of the answer, around the words that it quotes
export:
  --format F               markdown (default), html or bibtex
  --output FILE            the file to write (default: standard output)
changes:
  --turn N                 what that turn changed (default: all, against the files as they are now)
  --diff                   as a unified diff
restore:
  --start | --turn N       as before the run, or as after that turn; only what calls changed
  --undo                   as before files were put back the last time, with what you had written
  --yes                    without asking

While a run lives in a terminal, a line that you type is a note to the model; /answer asks for its
answer now, /pause and /continue do what they say, /queue QUESTION asks that next,
/plan shows and changes the plan. Ctrl-C stops it.

The API key is read from MIROTHINKER_API_KEY, the runs folder also from MIROTHINKER_RUNS_DIR.
The search key is read from MIROTHINKER_SEARCH_KEY, those of further services with their name behind
it (MIROTHINKER_SEARCH_KEY_BRAVE); helpers have MIROTHINKER_EXTRACT_KEY, _VISION_KEY and _SPEECH_KEY.
Exit codes: 0 answered, 1 failed, 2 ended without an answer, 64 usage, 130 interrupted.
`;
