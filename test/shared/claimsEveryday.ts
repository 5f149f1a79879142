/** Ways in which reports write what a source writes otherwise, and small differences that are none of these. */

/** The one source. */
export const everydaySource =
  'The iPhone 15 launched in September 2023 with USB-C. Apple’s revenue in Q3 2024 was $85.8 billion, 5% higher. It uses Node.js 18 and HTTP/2; C++ parts were rewritten in the 1990s. The U.S. Department of Energy, led by Jennifer Granholm, funded it. Wi-Fi 6 is 1.5x faster (p = 0.03). Dates follow ISO 8601. In the mid-2020s COVID-19 cases fell two-thirds, to 1.2 × 10^6. Dr. Smith of MIT’s Media Lab said: "We never expected this." Fees rose from 3 % to 4.5 %. The unemployment rate was 3.9% in FY2023, and the GDP per capita $12,345. J.K. Rowling lives in Edinburgh. The law took effect on January 1st, 2020. Sales were between 10,000 and 15,000 units; market share 1/3. Version 2.0.1 fixes issue #1234. Open 24/7. Temperatures reached -12.5 °C. The EU and the WHO agreed. Lufthansa AG’s CEO Carsten Spohr resigned.';

/** Nothing of these is marked. */
export const borneOut: readonly string[] = [
  'The iPhone 15 came out in September 2023. It has USB-C [1].',
  'Apple earned $85.8 billion in the third quarter. That was 5 percent more than before [1].',
  'Apple earned $85.8bn in Q3 2024. Growth was 5% [1].',
  'It runs on Node.js 18 and speaks HTTP/2. Parts in C++ date from the 1990s [1].',
  'The US Department of Energy paid for it. It was headed by Granholm at the time [1].',
  'Wi-Fi 6 turned out 1.5 times faster (p = 0.03). Dates are written as in ISO 8601 [1].',
  'In the mid-2020s, COVID-19 cases fell by two thirds. They reached 1.2 × 10^6 [1].',
  '“We never expected this,” said Smith of the MIT Media Lab. Nobody else did [1].',
  'Fees rose from 3% to 4.5%. Unemployment stood at 3.9 percent in FY2023 [1].',
  'J. K. Rowling lives in Edinburgh. The law took effect on 1 January 2020 [1].',
  'Between 10,000 and 15,000 units were sold. The share was one third [1].',
  'Version 2.0.1 fixes issue #1234. It is open 24/7 [1].',
  'It was as cold as −12.5 °C. Both the EU and the World Health Organization agreed [1].',
  'Carsten Spohr, CEO of Lufthansa, resigned. He was liked [1].',
  'However, GDP per capita was $12,345. On the other hand, Lufthansa agreed [1].',
  '- **Launch date:** September 2023\n- **Connector:** USB-C\n\nSource: [1]',
  '**Key Finding:** Apple earned $85.8 billion. It is more than before [1].',
  'First, the launch was in September 2023. Second, the share was 1/3 [1].',
  'Launched in September 2023, the iPhone 15 has USB-C. (This is new for Apple.) It sold well [1].',
  'The EU’s position matched the WHO’s. Energy Department funding helped [1].',
  '1. **Launch.** It was in September 2023.\n   The share was 1/3 [1].\n2. **Fees.** They rose to 4.5 %; sales were 10,000 to 15,000. [1]',
  'In summary:\n- GDP per capita was $12,345\n- Fees rose to 4.5 %\n\nFees rose to 4.5 %, and GDP per capita was $12,345 [1].',
  'Die Gebühren stiegen von 3 % auf 4,5 %, und das ist nicht die Schuld der Firma von Lufthansa. Der Chef ist nicht von der Firma [1].',
  'As Table 2 shows [1], fees rose:\n\n| Year | Fee in % |\n|:--|--:|\n| before | 3 |\n| FY2023 | 4.5 |',
];

/** In each something is marked, and this of it is missing. */
export const notBorneOut: readonly (readonly [text: string, missing: string])[] = [
  ['Apple earned $85.8 million in Q3 2024. Growth was 5% [1].', '$85.8 million'],
  ['Apple earned $85.8 billion in Q4 2024. Growth was 5% [1].', 'Q4'],
  ['The iPhone 16 came out in September 2023. It has USB-C [1].', '16'],
  ['It runs on Node.js 20. Parts in C++ date from the 1990s [1].', '20'],
  ['The law took effect in February 2020. It was liked [1].', 'February 2020'],
  ['Temperatures reached -12.5 °F. It was cold [1].', '12.5 °F'],
  ['The CEO of KLM resigned. He was liked [1].', 'KLM'],
  ['Version 2.0.2 fixes it. It is open 24/7 [1].', '2.0.2'],
  ['Smith said: “We always expected this.” He works there [1].', '“We always expected this.”'],
  ['Jennifer Smith led the department. It funded it [1].', 'Jennifer Smith'],
  ['Parts in C++ date from the 1980s. It is new [1].', '1980'],
  ['Fees rose fivefold to 45 %. It is new [1].', '45 %'],
  ['- **Launch date:** October 2023\n- **Connector:** USB-C\n\nSource: [1]', 'October 2023'],
];
