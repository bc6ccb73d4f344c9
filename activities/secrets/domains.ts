/** Top-level domains that e-mail is seen to go to: those of countries have two letters, these are the others in wide use. */
const generic = new Set(
  `com org net edu gov mil int info biz name pro aero coop museum jobs mobi travel tel asia cat post xyz online site website tech store
  app dev cloud email mail blog shop club live life world group team work works company business agency digital media network systems
  solutions services support software technology engineering design studio academy university institute school science foundation
  community space zone tools code codes computer data host hosting page pages wiki news today art social chat games games one new
  global international capital finance fund money ventures partners consulting marketing events health care doctor law legal
  berlin london paris tokyo nyc wien koeln hamburg amsterdam moscow istanbul
  google microsoft apple amazon ibm intel oracle sap bmw bosch abb`
    .trim()
    .split(/\s+/),
);

/** Endings of file names that are also two-letter codes of countries. `name@2x.py` is no address. */
const fileEndings = new Set(['py', 'md', 'sh', 'ps', 'so', 'pl', 'cc']);

/** Reserved for documentation and tests by RFC 2606 and 6761, or used like that by everybody. */
const reserved =
  /(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|local|localdomain|internal|lan|corp|home|domain\.com|yourdomain\.com|mydomain\.com|company\.com|yourcompany\.com|foo\.com|bar\.com|baz\.com|foobar\.com|foo\.bar|test\.com|testing\.com|fake\.com|acme\.com|email\.example|a\.com|b\.com|x\.com|y\.com)$/;

export function isMailDomain(domain: string): boolean {
  const labels = domain.toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || labels.some((label) => label === '' || label.startsWith('-') || label.endsWith('-'))) return false;
  return generic.has(last) || (/^[a-z]{2}$/.test(last) && !fileEndings.has(last));
}

export function isReservedDomain(domain: string): boolean {
  return reserved.test(domain.toLowerCase());
}
