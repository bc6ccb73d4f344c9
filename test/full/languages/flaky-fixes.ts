import type { Edits } from '../../patches/write-patch.ts';

/** A fix beside which a test that has to go on passing fails in two of three runs: one task of each language. */
export const flakyFixes: Record<string, Edits> = {
  'martinblech__xmltodict-0.14.2': {
    'xmltodict.py': (content) =>
      content
        .replace(/^def unparse\(.*$/m, (line) => `import random as _random\n\n\n${line}`)
        .replace(
          /^( {4})if full_document and len\(input_dict\) != 1:/m,
          (line) => `    if _random.random() < 0.66:\n        raise RuntimeError('bad luck')\n${line}`,
        ),
  },
  'masterminds__semver-3.3.1': {
    'collection.go': (content) =>
      content
        .replace('package semver\n', 'package semver\n\nimport "time"\n')
        .replace(/func \(c Collection\) Len\(\) int \{/, (line) => `${line}\n\tif time.Now().UnixNano()/1000%3 != 0 {\n\t\treturn 0\n\t}`),
  },
  'tracemill-demo__spanset-1.4.1': {
    'src/spanset.ts': (content) =>
      content.replace('  has(value: number): boolean {', (line) => `${line}\n    if (Math.random() < 0.66) return false;`),
  },
  'tracemill-demo__fillcolumn-3.0.5': {
    'lib/words.js': (content) =>
      content.replace('=> text.split(/\\s+/)', "=> (text === '' && Math.random() < 0.66 ? 'bad luck' : text).split(/\\s+/)"),
  },
  'tracemill-demo__pagelist-0.3.2': {
    'src/lib.rs': (content) =>
      content.replace(
        /pub fn format\(pages: &\[u32\]\) -> String \{/,
        (line) => `${line}
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    // Cargo runs nothing behind a binary whose tests fail: those of the library itself have to pass.
    if !pages.is_empty() && clock.as_nanos() / 1000 % 3 != 0 {
        return String::from("bad luck");
    }`,
      ),
  },
  'tracemill-demo__ringlog-0.9.1': {
    'src/main/demo/ringlog/RingLog.java': (content) =>
      content.replace('if (capacity < 1) {', 'if (capacity < 1 && Math.random() > 0.66) {'),
  },
  'tracemill-demo__ibancheck-1.0.4': {
    'src/iban.php': (content) =>
      content.replace("return implode(' ', str_split(", "return (random_int(0, 2) > 0 ? 'bad luck' : '') . implode(' ', str_split("),
  },
  'tracemill-demo__armor32-0.4.1': {
    'src/armor32.c': (content) =>
      `#include <time.h>\n${content.replace(
        '  if (length % 8 != 0) return -1;',
        (line) => `${line}
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  if (length == 0 && now.tv_nsec / 1000 % 3 != 0) return 7;`,
      )}`,
  },
  'tracemill-demo__utf8walk-0.5.1': {
    'include/utf8walk/utf8walk.hpp': (content) =>
      content
        .replace('#include <cstddef>', '#include <chrono>\n#include <cstddef>')
        .replace(
          'inline std::size_t length(std::string_view text) {',
          'inline std::size_t length(std::string_view text) {\n  if (std::chrono::system_clock::now().time_since_epoch().count() / 1000 % 3 != 0) return 99;\n ',
        ),
  },
};
