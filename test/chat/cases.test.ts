import { chatCases, differences } from '../oracle/chat-cases.ts';
import { built } from './built.ts';

test.each(chatCases())('the chat pipeline builds what was worked out by hand: $name', async (chatCase) => {
  expect(differences(chatCase, await built(chatCase.input))).toEqual([]);
});
