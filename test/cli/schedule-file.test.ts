import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readSchedule } from '../../cli/schedule-file.ts';
import { ScheduleFile } from '../../schemas/schedule.ts';
import { scratchFolder } from '../scratch-folder.ts';

const campaign = `name: weekly
tasks: [tasks.jsonl]
harnesses: { openhands: {} }
modes: { think: t }
teachers: { t: { model: m, base_url: 'http://127.0.0.1:1/v1' } }
`;

function files(schedule: string, target = campaign): string {
  const folder = scratchFolder('schedule');
  writeFileSync(join(folder, 'tasks.jsonl'), '');
  writeFileSync(join(folder, 'campaign.yaml'), target);
  writeFileSync(join(folder, 'schedule.yaml'), schedule);
  return join(folder, 'schedule.yaml');
}

it('reads the file that is started as its own command does, from the folder of the schedule', async () => {
  const { file, target, start } = await readSchedule(
    files('name: weekly\nstart: campaign.yaml\ncalendar: { times: ["02:30"], days: [sunday] }\n'),
  );
  expect(file).toMatchObject({ overlap: 'skip', time_zone: 'UTC', catch_up_minutes: 720 });
  expect(target).toMatch(/campaign\.yaml$/);
  expect(start).toMatchObject({
    schedule: 'weekly',
    kind: 'campaign',
    check: null,
    file: { tasks: [expect.stringMatching(/^\/.*tasks\.jsonl$/)] },
  });
});

it('knows a training file by its variants', async () => {
  const training = `name: weekly
release: ./release
variants: { all: { base: coder } }
trainer: { name: automodel }
`;
  const { start } = await readSchedule(files('name: weekly\nstart: campaign.yaml\nevery_minutes: 10080\n', training));
  expect(start).toMatchObject({
    kind: 'training',
    file: { release: expect.stringMatching(/^\/.*release$/), variants: { all: { base: 'coder' } } },
  });
});

it('knows a pipeline file by its steps, and reads their files, too', async () => {
  const schedule = files('name: weekly\nstart: pipeline.yaml\nevery_minutes: 10080\n');
  writeFileSync(join(dirname(schedule), 'pipeline.yaml'), 'name: circle\ncampaign: campaign.yaml\n');
  const { start } = await readSchedule(schedule);
  expect(start).toMatchObject({ kind: 'pipeline', file: { name: 'circle', from: 'campaign', campaign: { name: 'weekly' } } });
});

it.each([
  ['two times', 'name: a\nstart: campaign.yaml\ncron: "0 2 * * *"\nevery_minutes: 5\n', /one of cron, every_minutes and calendar/],
  ['no time', 'name: a\nstart: campaign.yaml\n', /one of cron, every_minutes and calendar/],
  [
    'an unknown time zone',
    'name: a\nstart: campaign.yaml\nevery_minutes: 5\ntime_zone: Berlin\n',
    /schedule\.yaml:4:12: time_zone: .*no time zone/,
  ],
  ['a long name', `name: ${'a'.repeat(25)}\nstart: campaign.yaml\nevery_minutes: 5\n`, /name: at most 24 characters/],
  ['an unknown field', 'name: a\nstart: campaign.yaml\nevery_minutes: 5\nevry: 1\n', /evry/],
  ['a check of a campaign', 'name: a\nstart: campaign.yaml\nevery_minutes: 5\ncheck: {}\n', /check: only evaluations are checked/],
])('refuses %s, with its place', async (_, schedule, message) => {
  await expect(readSchedule(files(schedule))).rejects.toMatchObject({ code: 'bad_schedule', message: expect.stringMatching(message) });
});

it('refuses a file that nothing can be started from, and one that its own reader refuses', async () => {
  const schedule = 'name: a\nstart: campaign.yaml\nevery_minutes: 5\n';
  await expect(readSchedule(files(schedule, 'rules: []\n'))).rejects.toMatchObject({
    code: 'bad_schedule',
    message: expect.stringMatching(/schedule\.yaml:2:8: start: .*campaign\.yaml is no file that can be started/),
  });
  await expect(readSchedule(files(schedule, campaign.replace('openhands', 'nonsense')))).rejects.toMatchObject({ code: 'bad_campaign' });
  await expect(readSchedule(files('name: a\nstart: other.yaml\nevery_minutes: 5\n'))).rejects.toMatchObject({ code: 'bad_schedule' });
});

it('takes times that are no times for a mistake', () => {
  const parsed = ScheduleFile.safeParse({ name: 'a', start: 'x', calendar: { times: ['24:00'] } });
  expect(parsed.error?.issues[0]?.message).toBe('a time such as 02:30');
});
