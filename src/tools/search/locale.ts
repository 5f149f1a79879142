/** Languages and countries as providers write them. */

/** `en-US`, `zh-CN`, `de`: the language with its country, where that was named beside the default or belongs to it. */
export function languageTag(hl: string, gl: string): string {
  const [language = 'en', region] = hl.toLowerCase().split(/[-_]/);
  if (region !== undefined) return `${language}-${region.toUpperCase()}`;
  // "us" is what was not named.
  if (gl === 'us' && language !== 'en') return language;
  return `${language}-${gl.toUpperCase()}`;
}

/** A country's English name in lower case; undefined for what is none, or what people write in several ways. */
export function countryName(gl: string): string | undefined {
  const code = gl.toUpperCase() === 'UK' ? 'GB' : gl.toUpperCase();
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  const name = new Intl.DisplayNames(['en'], { type: 'region' }).of(code)?.toLowerCase();
  return name !== undefined && name !== code.toLowerCase() && /^[a-z ]+$/.test(name) ? name : undefined;
}

/** The three letters (ISO 639-3) of a language that is given in two; undefined where they are not known. */
export function threeLetters(hl: string): string | undefined {
  return languages.get(hl.toLowerCase().replace(/[-_].*$/, ''));
}

const languages: ReadonlyMap<string, string> = new Map(
  (
    'ar ara,az aze,be bel,bg bul,bn ben,bs bos,ca cat,cs ces,cy cym,da dan,de deu,el ell,en eng,eo epo,es spa,et est,' +
    'eu eus,fa fas,fi fin,fr fra,ga gle,gl glg,he heb,hi hin,hr hrv,hu hun,hy hye,id ind,is isl,it ita,ja jpn,ka kat,' +
    'kk kaz,ko kor,la lat,lt lit,lv lav,mk mkd,ml mal,mr mar,ms msa,nb nob,nl nld,nn nno,no nor,pl pol,pt por,ro ron,' +
    'ru rus,sk slk,sl slv,sq sqi,sr srp,sv swe,ta tam,te tel,th tha,tr tur,uk ukr,ur urd,uz uzb,vi vie,zh zho'
  )
    .split(',')
    .map((pair): readonly [string, string] => [pair.slice(0, 2), pair.slice(3)]),
);
