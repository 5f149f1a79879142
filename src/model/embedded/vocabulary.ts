/** What the reader knows of English: words that carry no topic, and words that mean about the same. */

/** Words of a question that say nothing of its topic. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are arent as at be became because become becomes been before being
  below between both but by can cannot cant come comes could did didnt do does doesnt doing done dont down each either
  else ever every explain find for from further gave get gets give gives go goes going gone got had has hasnt have havent
  having he her here hers him his how i if in into is isnt it its itself just know let like made make makes many may me
  mean means might mine more most much must my need needs neither no nor not now of off often on once one ones only or
  other our ours out over own per please rather really same say says shall she should shouldnt show since so some
  something still such take takes tell than that the their theirs them then there these they thing things this those
  through to told too under unless until up upon us use used uses using very was wasnt way we well went were werent what
  whats when whenever where whether which while who whom whose why will wish with without wont would wouldnt yes yet you
  your yours actually happen happens happened work works want wants possible anything someone whole put puts bring brings
  hold holds show shows really real quite try tries ask asks look looks seem seems turn turns`.split(/\s+/),
);

/**
 * Groups of words that people use for each other, in one line each. A word of a group in the question finds all of them
 * in the text. General and technical English only.
 */
export const synonymGroups: readonly (readonly string[])[] = `
  folder directory
  fast faster quick quickly speed speedup performance
  slow slower slowly
  maximum max highest largest greatest most limit upper
  minimum min lowest smallest least earliest
  biggest large big huge
  small little
  delete remove erase discard
  create build construct make
  start begin launch
  stop end terminate quit exit
  function method routine callable
  dict dictionary mapping
  int integer
  str string text
  bool boolean
  arg argument parameter
  dir directory
  env environment
  config configuration configure setting option
  error exception failure fault
  raise throw
  advisable advise recommend recommended suggest suggested
  safe secure security unsafe insecure
  website site web webpage url
  internal internally implement implementation implemented
  digit digits precision
  wait block timeout
  wide width
  length size
  rename replace move
  default standard
  guarantee ensure
  initial first
  location place
  number numbers numeric count
  thread threads worker workers
  keep stored store save cache cached
  name named nickname known
  called call calls invoke invoked
  release version
  introduce introduced added new
  order ordering ordered sort sorted
  allow allowed permit permitted forbid forbidden
  support supported supports
  convert converted conversion coerce coerced cast turn
  newline newlines linefeed
  simultaneous simultaneously concurrent concurrently parallel
  machine computer host
  log logged logging
  warn warning warnings
  print printed display output
  read reading
  write writing written
  open opening opened
  close closing closed
  copy copies copied duplicate
  compare compared comparison equal equality
  add append insert
  last final
  author creator created wrote
  installed install installation
  test tests testing
  documentation docs manual`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
