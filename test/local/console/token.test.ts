import { InputError } from '../../../core/errors.ts';
import { expectToken, tokenFrom } from '../../../local/console/token.ts';
import { lethe } from '../cli/command-line.ts';

describe('the token of a console that others can reach', () => {
  test('is made anew where none is set', () => {
    expect(tokenFrom(undefined)).not.toBe(tokenFrom(undefined));
    expect(expectToken(tokenFrom(undefined), 'It')).toHaveLength(32);
  });

  test('is refused when it is empty, short, or would not survive a cookie, in one line that does not tell it', () => {
    for (const token of [
      '',
      'fifteen-letters',
      'sixteen letters!',
      'sixteen-letters;',
      'sixteen-letters\n',
      'ümlaut-of-16-cha',
    ]) {
      expect(() => tokenFrom(token)).toThrow(InputError);
      expect(() => tokenFrom(token)).toThrow(/^LETHE_CONSOLE_TOKEN (is empty|will not do): [^\n]+$/);
      expect(() => tokenFrom(token)).not.toThrow('letters');
    }
    expect(tokenFrom('sixteen-letters_')).toBe('sixteen-letters_');
  });

  test('is refused by the command before anything is opened', async () => {
    const before = process.env.LETHE_CONSOLE_TOKEN;
    process.env.LETHE_CONSOLE_TOKEN = '';
    try {
      const { status, out, err } = await lethe(['console', '--host', '0.0.0.0', '--home', '/nowhere']);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(/^lethe: LETHE_CONSOLE_TOKEN is empty: [^\n]+\n$/);
    } finally {
      if (before === undefined) delete process.env.LETHE_CONSOLE_TOKEN;
      else process.env.LETHE_CONSOLE_TOKEN = before;
    }
  });
});
