/**
 * The months as the C library abbreviates them, from January to December, by language. What prints its stamps with `%b` writes them so
 * under the language of whoever ran it: journalctl, `dmesg -T`, `ls`. Daemons and syslog files stay with English.
 *
 * Source: glibc localedata (`abmon`); systemd src/shared/logs-show.c; util-linux sys-utils/dmesg.c. Croatian is left out: its names for
 * July and October are those of August and November in Czech and Polish.
 */
const NAMES: readonly string[] = [
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec', // English
  'Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez', // German
  'Jän Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez', // German, Austria
  'janv févr mars avril mai juin juil août sept oct nov déc', // French
  'jan fév mar avr mai jun jui aoû sep oct nov déc', // French, Canada
  'ene feb mar abr may jun jul ago sep oct nov dic', // Spanish
  'gen feb mar apr mag giu lug ago set ott nov dic', // Italian
  'jan fev mar abr mai jun jul ago set out nov dez', // Portuguese
  'jan feb mrt apr mei jun jul aug sep okt nov dec', // Dutch
  'jan feb mar apr maj jun jul aug sep okt nov dec', // Swedish, Danish
  'jan feb mars april mai juni juli aug sep okt nov des', // Norwegian
  'tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu', // Finnish
  'jaan veebr märts apr mai juuni juuli aug sept okt nov dets', // Estonian
  'jan feb mar apr mai jūn jūl aug sep okt nov dec', // Latvian
  'saus vas kov bal geg birž liep rugp rugs spal lapkr gruod', // Lithuanian
  'sty lut mar kwi maj cze lip sie wrz paź lis gru', // Polish
  'led úno bře dub kvě čen čec srp zář říj lis pro', // Czech
  'jan feb mar apr máj jún júl aug sep okt nov dec', // Slovak
  'jan feb mar apr maj jun jul avg sep okt nov dec', // Slovenian, Serbian
  'јан феб мар апр мај јун јул авг сеп окт нов дец', // Serbian
  'jan febr márc ápr máj jún júl aug szept okt nov dec', // Hungarian
  'ian feb mar apr mai iun iul aug sep oct nov dec', // Romanian
  'яну фев мар апр май юни юли авг сеп окт ное дек', // Bulgarian
  'янв фев мар апр мая июн июл авг сен окт ноя дек', // Russian
  'янв фев мар апр май июн июл авг сен окт ноя дек', // Russian, beside no day
  'січ лют бер кві тра чер лип сер вер жов лис гру', // Ukrainian
  'Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ', // Greek
  'Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara', // Turkish
  'Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des', // Indonesian
  '1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月', // Chinese, Japanese
  '1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월', // Korean
];

const MONTHS = new Map(NAMES.flatMap((names) => names.split(' ').map((name, month) => [name.toLowerCase(), month])));

/** What a month's name looks like: letters, or a number and the word for month; for the patterns of those who look it up. */
export const MONTH_NAME = String.raw`\p{L}{2,6}|\d{1,2}[\u6708\uc6d4]`;

/** Month number (0–11) of an abbreviated name in any of these languages, without its dot; undefined where it is none. */
export function localMonthIndex(name: string): number | undefined {
  return MONTHS.get(name.toLowerCase());
}
