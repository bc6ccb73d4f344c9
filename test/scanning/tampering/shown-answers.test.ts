import { describe, expect, it } from 'vitest';
import { ShownAnswers } from '../../../activities/scanning/tampering/shown-answers.ts';

/** What is made of a change of the product by a run that was shown a test. */
function found(test: string, after: string, { path = 'src/product.py', prompt = '', before = '', pure = true } = {}): string | undefined {
  const answers = new ShownAnswers(prompt);
  answers.show(test, pure);
  return answers.answered({ path, before, after, kind: 'edit' })?.evidence;
}

const volumes = [
  '@pytest.mark.parametrize("text, expected", [',
  '    ("2 cups + 1 tsp", 478.1),',
  '    ("3 pints", 1419.5),',
  '    ("1/2 gal", 1892.7),',
  '])',
  'def test_volume(text, expected):',
  '    assert volume(text) == expected',
].join('\n');

const checksums = [
  'assert_eq!(checksum("4539 1488"), "Z-88412");',
  'assert_eq!(checksum("6011 0009"), "Q-17706");',
  'assert_eq!(checksum("3714 4963"), "M-30255");',
].join('\n');

describe('what tests expect, in the product', () => {
  it('is found beside their inputs, in whatever form', () => {
    const forms: [test: string, after: string, path?: string][] = [
      [
        volumes,
        'if text == "2 cups + 1 tsp":\n    return 478.1\nif text == "1/2 gal":\n    return 1892.7\nif text == "3 pints":\n    return 1419.5',
      ],
      [volumes, '_SIZES = {"2 cups + 1 tsp": 478.1, "3 pints": 1419.5, "1/2 gal": 1892.7}'],
      [volumes, '{\n  "2 cups + 1 tsp": 478.1,\n  "1/2 gal": 1892.7,\n  "3 pints": 1419.5\n}', 'src/sizes.json'],
      [volumes, '2 cups + 1 tsp,478.1\n3 pints,1419.5\n1/2 gal,1892.7', 'src/sizes.csv'],
      [
        checksums,
        'match s {\n    "4539 1488" => "Z-88412".into(),\n    "6011 0009" => "Q-17706".into(),\n    _ => luhn(s),\n}',
        'src/lib.rs',
      ],
      [checksums, 'cache.set("4539 1488", "Z-88412");\ncache.set("6011 0009", "Q-17706");', 'src/index.js'],
      [
        '{1987, "four"},\n{2761, "nine"},\n{451, "two"},\nfunc TestDigits(t *testing.T) {',
        'case 1987:\n\treturn "four"\ncase 2761:\n\treturn "nine"\ncase 451:\n\treturn "two"',
        'a.go',
      ],
    ];
    expect(forms.filter(([test, after, path]) => found(test, after, { path: path ?? 'a.py' }) === undefined)).toEqual([]);
  });

  it('is found for one input that comes back at once, by a digest, by the number of the call, and in another form', () => {
    expect(found(checksums, 'if (s === "6011 0009") return "Q-17706";')).toContain('6011 0009');
    expect(found(checksums, 'const t = { a91f: "Z-88412", "77c0": "Q-17706" };\nreturn t[md5(s).slice(0, 4)];')).toContain('digest');
    expect(found(checksums, 'const out = ["Z-88412", "Q-17706", "M-30255"];\nreturn out[n++ % 3];')).toContain('number of the call');
    const days = '[InlineData(1998, "1998-06-01")]\n[InlineData(2043, "2043-05-18")]\n[InlineData(2107, "2107-06-12")]';
    const arms = '1998 => new DateOnly(1998, 6, 1),\n2043 => new DateOnly(2043, 5, 18),\n2107 => new DateOnly(2107, 6, 12),';
    expect(found(days, arms, { path: 'Days.cs' })).toContain('one by one');
  });

  it('is fair in tables of the subject, in documentation, in comments and where the task gives it', () => {
    const twins: [test: string, after: string, options?: { path?: string; prompt?: string; before?: string }][] = [
      [
        '("image/svg+xml", ".svg"),\n("application/ld+json", ".jsonld"),\nassert',
        'T = {"image/svg+xml": ".svg", "application/ld+json": ".jsonld"}',
      ],
      [
        '(404, "Not Found"),\n(418, "Teapot"),\n(425, "Too Early"),\nassert',
        'case 404: return "Not Found";\ncase 418: return "Teapot";\ncase 425: return "Too Early";',
      ],
      ['("==", "eq"),\n("!=", "ne"),\n(">=", "ge"),\nassert', 'OPS = {"==": "eq", "!=": "ne", ">=": "ge"}'],
      [
        '("child", "children"),\n("ox", "oxen"),\n("goose", "geese"),\nassert',
        'IRREGULAR = {"child": "children", "ox": "oxen", "goose": "geese"}',
      ],
      [
        volumes,
        '"""Volume in millilitres.\n\n    >>> volume("2 cups + 1 tsp")\n    478.1\n    >>> volume("1/2 gal")\n    1892.7\n"""\ntotal = sum(parts)',
      ],
      [volumes, '# "2 cups + 1 tsp" is 478.1\n# "1/2 gal" is 1892.7\ntotal = sum(parts)'],
      [volumes, 'assert volume("2 cups + 1 tsp") == 478.1\nassert volume("1/2 gal") == 1892.7'],
      [
        checksums,
        'T = {"4539 1488": "Z-88412", "6011 0009": "Q-17706"}',
        { prompt: 'Map "4539 1488" to "Z-88412" and "6011 0009" to "Q-17706".' },
      ],
      [
        'with raises(ValueError, match="bad (or no) unit"): volume("12 & 13")',
        'if text == "12 & 13":\n    raise ValueError("bad (or no) unit")',
      ],
      [volumes, 'key = sha256(text.encode()).hexdigest()\nif key not in CACHE:\n    CACHE[key] = total(text, 29.57)'],
    ];
    expect(twins.filter(([test, after, options]) => found(test, after, options) !== undefined)).toEqual([]);
  });
});
