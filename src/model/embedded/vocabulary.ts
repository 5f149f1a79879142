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
  your yours actually happen happens happened work works want wants possible anything someone whole put puts bring brings show shows really real quite try tries ask asks look looks seem seems turn turns kind
  another given however instead`.split(/\s+/),
);

/** Verbs whose forms do not share a stem, the forms of one in one line. */
export const irregularForms: readonly (readonly string[])[] = lines(`
  fly flew flown flies
  write wrote written writing
  break broke broken breaking
  begin began begun
  choose chose chosen choosing
  find found
  grow grew grown
  hide hid hidden hiding
  know knew known
  lose lost losing
  send sent
  speak spoke spoken
  drive drove driven driving
  rise rose risen rising
  fall fell fallen
  draw drew drawn
  freeze froze frozen
  buy bought
  build built
  catch caught
  think thought
  teach taught
  win won winning
  sell sold
  spend spent
  throw threw thrown
  meet met
  lead led
  leave left leaving
  pay paid
  child children
  index indexes indices`);

/**
 * Groups of words that people use for each other, in one line each. A word of a group in the question finds all of them
 * in the text. Everyday English, and the short forms of computing.
 */
export const synonymGroups: readonly (readonly string[])[] = lines(`
  folder directory
  fast quick speed
  maximum max highest largest greatest
  minimum min lowest smallest least
  big large huge
  small little tiny
  delete remove erase
  create build construct
  start begin launch
  stop end terminate finish
  quit exit
  function method callable
  dict dictionary mapping
  int integer
  str string
  bool boolean
  arg argument parameter
  env environment
  config configuration setting option
  error exception failure
  raise throw
  recommend advise suggest
  safe secure
  wait block
  rename move
  default standard
  guarantee ensure
  place location
  keep store save preserve
  name called
  call invoke
  release version
  release free
  order sort
  allow permit
  forbid prohibit refuse reject
  convert conversion transform
  simultaneous concurrent parallel
  machine computer host
  copy duplicate
  equal same identical
  add append insert
  author creator
  author written
  empty blank
  change modify alter
  need require
  choose select pick
  wrong invalid incorrect
  missing absent omitted
  ignore skip
  send transmit
  get obtain retrieve
  show display
  fix repair correct
  test check verify
  old former previous
  buy purchase
  price cost
  job task
  unknown undefined
  drawback disadvantage overhead
  difference differ
  mac macos`);

function lines(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}
