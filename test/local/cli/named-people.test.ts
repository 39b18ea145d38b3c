import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peopleOf } from '../../../local/cli/named-people.ts';
import { scratchFolder } from './command-line.ts';

const folder = scratchFolder();

test('a file of people is read as what it says, each once, without its byte order mark', () => {
  const file = join(folder, 'people.txt');
  writeFileSync(file, '\ufeffanna-17\r\nbörje\n\nanna-17');
  expect(peopleOf(['4711'], file)).toEqual(['4711', 'anna-17', 'börje']);
});
