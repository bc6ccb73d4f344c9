/** Languages, runtimes, libraries and standards that are named as themselves, unless one of them is the task's project. */
export const otherSoftware: ReadonlySet<string> = new Set(
  `python cpython pypy python3 python2 ruby rubinius jruby perl php java jdk openjdk kotlin scala groovy clojure javascript typescript ecmascript es5 es6 es2015 es2020
  es2022 node nodejs deno bun golang rustc cargo gcc clang llvm msvc glibc musl libc posix linux windows macos darwin freebsd openbsd ios android
  chrome chromium firefox safari edge webkit v8 spidermonkey git github gitlab bitbucket svn mercurial bash zsh fish powershell coreutils gnu bsd
  rfc pep w3c whatwg iso ansi ieee unicode utf icu cldr iana ietf ecma tc39 openapi swagger json yaml toml xml html html5 css sql graphql grpc protobuf http http2
  tls ssl openssl libressl boringssl curl libcurl wget nginx apache httpd haproxy envoy redis memcached postgres postgresql mysql mariadb sqlite oracle mssql mongodb
  kafka rabbitmq zookeeper etcd consul kubernetes docker podman containerd helm terraform ansible systemd npm yarn pnpm pip pipenv poetry conda setuptools
  wheel hatch tox nox maven gradle sbt ant bazel cmake meson ninja make autoconf numpy scipy pandas matplotlib sklearn scikit-learn pytorch torch
  tensorflow keras jax xarray dask polars arrow pyarrow parquet spark hadoop hive flink django flask fastapi starlette pyramid tornado aiohttp httpx
  requests urllib3 urllib sqlalchemy alembic pydantic marshmallow attrs dataclasses click typer celery twisted asyncio trio anyio gevent pytest unittest nose hypothesis
  mock mypy pyright pylint flake8 black ruff isort sphinx jinja jinja2 mako react vue angular svelte preact solid ember backbone jquery lodash underscore
  moment luxon dayjs express koa fastify hapi nest nestjs nextjs nuxt vite webpack rollup parcel esbuild swc babel eslint prettier jest mocha vitest
  jasmine karma cypress playwright puppeteer selenium electron tauri rails sinatra rack sidekiq rspec minitest bundler rubygems laravel symfony
  composer phpunit doctrine spring hibernate jackson gson guava junit mockito netty okhttp retrofit tomcat jetty tokio hyper serde axum actix
  rayon clap reqwest diesel gin echo cobra viper gorm protobuf boost eigen qt gtk opencv ffmpeg imagemagick zlib zstd lz4 brotli libxml2 lxml expat
  beautifulsoup pillow latex tex pandoc vim neovim emacs vscode tmux xterm iterm2 wayland x11 opengl vulkan directx cuda cudnn mpi openmp intel arm amd x86
  aws s3 gcp azure firebase heroku vercel netlify cloudflare jenkins travis circleci prometheus grafana opentelemetry sentry elasticsearch lucene solr
  haskell ghc ocaml erlang otp elixir julia matlab octave fortran cobol swift xcode objective-c dart flutter lua luajit tcl awk sed grep make gnumake perl5 raku jvm clr dotnet .net mono wasm webassembly`
    .split(/\s+/)
    .filter((name) => name !== ''),
);
