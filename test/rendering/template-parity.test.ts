import { expect, it } from 'vitest';
import { canonicalArguments } from '../../activities/rendering/canonical-arguments.ts';
import { renderConversation } from '../../activities/rendering/render-conversation.ts';
import { textFaults } from '../../activities/rendering/text-faults.ts';
import { StudentBase } from '../../schemas/student.ts';
import { randomNumbers } from '../chaos/seeded.ts';
import { randomConversation } from './random-conversations.ts';
import { renderByTemplate } from './render-by-template.ts';

it.each(StudentBase.options)('renders for %s as its template file does', (base) => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const given = randomConversation(randomNumbers(seed));
    expect(renderConversation(base, given), `seed ${seed}`).toEqual(renderByTemplate(base, given));
  }
});

it('finds no fault that drops a row in what was made to have none, and escapes what it finds', () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const faults = textFaults('coder', randomConversation(randomNumbers(seed)));
    expect(
      faults.filter(({ fate }) => fate === 'dropped'),
      `seed ${seed}`,
    ).toEqual([]);
  }
});

it('writes arguments that JSON reads as what they were', () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    for (const message of randomConversation(randomNumbers(seed)).messages) {
      for (const { function: called } of message.role === 'assistant' ? (message.tool_calls ?? []) : []) {
        expect(JSON.stringify(JSON.parse(canonicalArguments(called.arguments)))).toBe(JSON.stringify(JSON.parse(called.arguments || '{}')));
      }
    }
  }
});
