import { expect, it } from 'vitest';
import { withoutCredentials } from '../../platform/without-credentials.ts';

it.each([
  ['https://me:pa%2Fss@teacher.example:8443/v1?x=a@b', 'https://teacher.example:8443/v1?x=a@b'],
  ['http://token@[::1]:8000/v1', 'http://[::1]:8000/v1'],
  ['https://a:b@c@teacher.example/v1', 'https://teacher.example/v1'],
  ['https://teacher.example/v1/me@here', 'https://teacher.example/v1/me@here'],
  ['me@teacher.example', 'me@teacher.example'],
])('shows %s as %s', (address, shown) => {
  expect(withoutCredentials(address)).toBe(shown);
});
