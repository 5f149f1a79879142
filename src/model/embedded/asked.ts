/** What kind of thing a question asks for, and whether a text holds one. */

/** Signs of the kinds of answer that a question asks for; a text that matches one is likelier to hold the answer. */
export function answerSigns(question: string): readonly RegExp[] {
  return kinds.filter(({ asks }) => asks.test(question)).map(({ sign }) => sign);
}

const numberWords =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?';

const kinds: readonly { readonly asks: RegExp; readonly sign: RegExp }[] = [
  {
    asks: /\bhow (?:many|much|long|often|large|big|wide|fast|high|old|far|deep|slow|small|tall|heavy)\b|\b(?:what|which) (?:number|size|port|percent\w*|width|length|limit|speed|distance)\b|\b(?:maximum|minimum|max|min|highest|lowest|largest|smallest)\b/i,
    sign: new RegExp(`\\d|\\b(?:${numberWords})\\b`, 'i'),
  },
  {
    asks: /\b(?:what|which) (?:year|date|day|month)\b|\bsince when\b|\bhow old\b|^when (?:was|were|did)\b/i,
    sign: /\b(?:1\d{3}|20\d{2})\b|\b(?:version|release) \d|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b/,
  },
  {
    asks: /\bversions?\b|\breleases?\b|\bsince when\b/i,
    sign: /\bversions? v?\d|\b(?:Python|release|since|in) v?\d+\.\d|\b\d+\.\d+\b/i,
  },
  {
    asks: /\bwhen\b/i,
    sign: /\b(?:when|whenever|after|once|until|as soon as|if|only)\b|\d{4}/i,
  },
  {
    asks: /\bwhy\b|\breason\b/i,
    sign: /\b(?:because|since|therefore|thus|so that|due to|reason|in order to|otherwise|as a result)\b|: /i,
  },
  { asks: /\bdefaults?\b|\bomit|\bunless\b|\bgiven? no\b|\bwithout\b/i, sign: /\bdefaults?\b|\bomitted\b|\bnot (?:given|specified)\b|\botherwise\b/i, },
  {
    asks: /\b(?:error|exception|raised?|fails?|failure|goes wrong)\b/i,
    sign: /\w(?:Error|Exception)\b|\braise[sd]?\b|\bfail|\berror/i,
  },
  {
    asks: /^(?:is|are|was|were|can|could|may|must|do|does|did|should|will|has|have)\b/i,
    sign: /\b(?:not|never|always|only|must|may|cannot|can|any|no|should|optional|allowed)\b/i,
  },
]; // prettier-ignore
