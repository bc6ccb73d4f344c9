import { z } from 'zod';
import type { Tree } from './tree.ts';

/** What the package files of a repository say of it. */
export interface PackageFacts {
  /** Addresses that may be those of its repository, the likeliest first. */
  addresses: string[];
  name: string | undefined;
  /** As written. */
  licence: string | undefined;
}

const PackageJson = z.looseObject({
  name: z.string().optional().catch(undefined),
  repository: z
    .union([z.string(), z.looseObject({ url: z.string() })])
    .optional()
    .catch(undefined),
  homepage: z.string().optional().catch(undefined),
  license: z
    .union([z.string(), z.looseObject({ type: z.string() })])
    .optional()
    .catch(undefined),
});

/** Reads the package files at the top of a repository: of npm, Cargo, Go, Python, Composer and Maven. */
export async function packageFacts(tree: Tree): Promise<PackageFacts> {
  const found: PackageFacts[] = [];
  for (const [file, read] of readers) {
    const text = await tree.read(file);
    if (text !== undefined) found.push(read(text));
  }
  return {
    addresses: found.flatMap(({ addresses }) => addresses),
    name: found.find(({ name }) => name !== undefined)?.name,
    licence: found.find(({ licence }) => licence !== undefined)?.licence,
  };
}

const readers: [string, (text: string) => PackageFacts][] = [
  ['go.mod', ofGoModule],
  ['package.json', ofPackageJson],
  ['Cargo.toml', ofCargo],
  ['pyproject.toml', ofPyproject],
  ['PKG-INFO', ofCoreMetadata],
  ['setup.cfg', ofSetup],
  ['setup.py', ofSetup],
  ['composer.json', ofPackageJson],
  ['pom.xml', ofPom],
];

function ofGoModule(text: string): PackageFacts {
  const path = /^module\s+"?([^\s"]+)/m.exec(text)?.[1]?.replace(/\/v\d+$/, '');
  return {
    addresses: path?.includes('.') === true && path.includes('/') ? [`https://${path}`] : [],
    name: path?.split('/').at(-1),
    licence: undefined,
  };
}

function ofPackageJson(text: string): PackageFacts {
  const read = PackageJson.safeParse(parsed(text));
  if (!read.success) return { addresses: [], name: undefined, licence: undefined };
  const { name, repository, homepage, license } = read.data;
  const address = typeof repository === 'string' ? repository : repository?.url;
  // `owner/name` and `github:owner/name` are npm's short forms.
  const short = address === undefined ? null : /^(?:(?:github|gitlab|bitbucket):)?([\w.-]+\/[\w.-]+)$/.exec(address);
  return {
    addresses: [short === null ? address : `https://host.invalid/${short[1]}`, homepage].filter((text) => text !== undefined),
    name: name?.split('/').at(-1),
    licence: typeof license === 'string' ? license : license?.type,
  };
}

function ofCargo(text: string): PackageFacts {
  return { addresses: values(text, 'repository', 'homepage'), name: values(text, 'name')[0], licence: values(text, 'license')[0] };
}

function ofPyproject(text: string): PackageFacts {
  const urls = values(text, '"?(?:repository|source|source[ -]code|code|github|homepage)"?');
  const licence = values(text, 'license')[0] ?? /^\s*license\s*=\s*\{\s*text\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
  return { addresses: urls, name: values(text, 'name')[0], licence: licence ?? classifier(text) };
}

/** Of a source distribution of Python. */
function ofCoreMetadata(text: string): PackageFacts {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(text)?.[1]?.trim();
  const urls = [...text.matchAll(/^Project-URL:[^,\n]*,\s*(\S+)/gim)].map((match) => match[1] ?? '');
  const short = field('License');
  // Some write the whole text there.
  const licence = field('License-Expression') ?? (short === undefined || short.length > 60 ? undefined : short);
  return {
    addresses: [...urls, field('Home-page') ?? ''].filter((url) => url !== ''),
    name: field('Name'),
    licence: classifier(text) ?? licence,
  };
}

function ofSetup(text: string): PackageFacts {
  return { addresses: values(text, 'url'), name: values(text, 'name')[0], licence: classifier(text) ?? values(text, 'license')[0] };
}

function ofPom(text: string): PackageFacts {
  const own = text.replace(/<parent>.*?<\/parent>/s, '').replaceAll(/<(dependencies|build|profiles|reporting)>.*?<\/\1>/gs, '');
  const scm = /<scm>(.*?)<\/scm>/s.exec(own)?.[1] ?? '';
  const addresses = [...scm.matchAll(/<(?:url|connection)>\s*(?:scm:git:)?([^<\s]+)/g)].map((match) => match[1] ?? '');
  return {
    addresses,
    name: /<artifactId>\s*([^<\s]+)/.exec(own)?.[1],
    licence: /<license>.*?<name>\s*([^<]+?)\s*<\/name>/s.exec(own)?.[1],
  };
}

/** Values of `key = "text"`, `key = text` and `key="text"`, in the order of the keys. */
function values(text: string, ...keys: string[]): string[] {
  return keys.flatMap((key) =>
    [...text.matchAll(new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(?:(["'])(.+?)\\1|([^\\s"'{\\[][^\\n]*))`, 'gim'))].map((match) =>
      (match[2] ?? match[3] ?? '').trim(),
    ),
  );
}

/** The last part of Python's classifier of a licence. */
function classifier(text: string): string | undefined {
  return /License\s*::\s*(?:OSI Approved\s*::\s*)?([^"'\n:]+?)\s*(?:["'\n]|$)/.exec(text)?.[1];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
