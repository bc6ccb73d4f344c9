import { nameTable } from '../../../schemas/name-table.ts';

/**
 * Projects that are imported or published under another name than their repository's. One line each: every name
 * stands for all others on the line. A name that only one registry knows is fine here.
 */
const sameProject = `
scikit-learn sklearn
scikit-image skimage
linux kernel lkml
efcore entityframeworkcore microsoft-entityframeworkcore
aspnetcore microsoft-aspnetcore
filesystem-spec fsspec
pyyaml yaml
beautifulsoup4 beautifulsoup bs4
pillow pil
opencv opencv-python cv2
python-dateutil dateutil
attrs attr
pytest _pytest
setuptools pkg_resources
django-rest-framework djangorestframework rest_framework
apache/arrow arrow pyarrow
moby docker docker-ce
ipython IPython
pytorch torch
vision torchvision
audio torchaudio
python-telegram-bot telegram
sentry-python sentry-sdk
meson mesonbuild
ansible ansible-core
azure-cli az
material-ui mui
core vue
cpython python
pyjwt jwt
python-jose jose
protobuf google-protobuf
discord-py discord
mongo-python-driver pymongo bson
psycopg psycopg2
mysqlclient mysqldb
pycryptodome crypto
python-magic magic
google-api-python-client googleapiclient
huggingface_hub huggingface-hub
openai-python openai
redis-py redis
node-redis redis
node-postgres pg
node-mongodb-native mongodb
otp erlang
rails railties activerecord activesupport actionpack
pip-tools piptools
dbt-core dbt
zstd libzstd
curl libcurl
openssl libssl
sqlite sqlite3
libgit2 pygit2
neovim nvim
sphinx sphinx-doc
jinja jinja2
matplotlib mpl_toolkits
autobahn-python autobahn
berry yarn
penlight pl
`;

const byName = new Map<string, string[]>();
for (const line of sameProject.trim().split('\n')) {
  const names = line.split(' ');
  for (const name of names) byName.set(name.toLowerCase().replace(/[_.]+/g, '-'), [...(byName.get(name) ?? []), ...names]);
}

/** Names that are too common a word to stand for a project unless its owner is the expected one. */
const onlyWithOwner: Record<string, RegExp> = nameTable({
  berry: /^yarnpkg\//,
  penlight: /penlight$/,
  core: /^vuejs\//,
  vision: /^pytorch\//,
  audio: /^pytorch\//,
  arrow: /^apache\//,
  redis: /^redis\//,
  pg: /^brianc\//,
  telegram: /telegram/,
});

/** The other names of the project that one name stands for; `repo` is `owner/name` in lower case. */
export function otherNamesOf(repo: string | undefined, name: string): string[] {
  const guard = Object.hasOwn(onlyWithOwner, name) ? onlyWithOwner[name] : undefined;
  if (guard !== undefined && !guard.test(repo ?? '')) return [];
  const scoped = repo === undefined ? [] : (byName.get(repo.replace(/[_.]+/g, '-')) ?? []);
  return [...(byName.get(name) ?? []), ...scoped].filter((other) => !other.includes('/'));
}
