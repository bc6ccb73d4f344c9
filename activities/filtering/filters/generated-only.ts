import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** The patch holds nothing a person would write: build output, caches, lock files, stray logs; or such things and tests. */
export const generatedOnly = defineFilter({
  id: 'generated_only',
  version: 2,
  asks: 'The patch changes something that people write.',
  parameters: z.strictObject({
    /** Regular expressions over paths, beyond the built-in ones. */
    also: z.array(z.string()).default([]),
  }),
  needs: ['model_patch'],
  check({ patch }, { also }) {
    const patterns = [...generatedPaths, ...also.map((pattern) => new RegExp(pattern))];
    const generated = patch.paths.filter((path) => patterns.some((pattern) => pattern.test(path)));
    const tests = new Set(patch.test_paths);
    const written = patch.paths.filter((path) => !generated.includes(path) && !tests.has(path));
    if (generated.length === 0 || written.length > 0) return fine('the patch changes files that people write');
    return violation(
      'only generated files were changed',
      generated.map((path) => ({ text: path })),
    );
  },
});

const generatedPaths = [
  /(^|\/)(node_modules|bower_components|__pycache__|\.pytest_cache|\.mypy_cache|\.tox|\.eggs|[^/]+\.egg-info|\.gradle|\.nyc_output)\//,
  /(^|\/)(build|dist|out|target|coverage|htmlcov|_build|CMakeFiles|\.next)\//,
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|composer\.lock|poetry\.lock|Pipfile\.lock|uv\.lock)$/,
  /\.(pyc|pyo|class|o|obj|a|so|dylib|dll|exe|jar|log|tmp|swp|orig|rej|map|tsbuildinfo|coverage)$/,
  /\.min\.(js|css)$|(^|\/)[^/]+\.(pb|pb2|generated|gen)\.[a-z]+$|_pb2(_grpc)?\.py$|\.pb\.go$/,
  /(^|\/)(CMakeCache\.txt|cmake_install\.cmake|\.coverage|junit\.xml|\.DS_Store)$/,
];
