import { defineTopic } from '../catalogue/topic.ts';

const user = { kind: 'user', onErasure: 'delete row' } as const;
const room = { kind: 'room', onErasure: 'delete row' } as const;
const message = { kind: 'message', onErasure: 'delete row' } as const;

/** One record per chat message. Its Phase 2 text, user_original_query, is deliberately not listed. */
export const chatTopic = defineTopic({
  key: 'chat',
  defaultName: 'athena-user-chat-analytics-v0',
  description: 'One record per chat message, sent when its answer is complete.',
  eventTime: 'timestamp',
  day: 'dt',
  fields: [
    { name: 'chat_id', kind: 'text', required: true, identifies: message, description: 'The message.' },
    { name: 'user_id', kind: 'text', required: true, identifies: user, description: 'Who wrote it.' },
    {
      name: 'room_id',
      kind: 'text',
      required: true,
      identifies: room,
      description: 'The conversation it belongs to; rooms can be shared.',
    },
    { name: 'timestamp', kind: 'instant', required: true, description: 'When it was sent, UTC.' },
    { name: 'dt', kind: 'day', description: 'The day it counts to, UTC.' },
    { name: 'model', kind: 'text', description: 'The language model that answered.' },
    { name: 'prompt_tokens', kind: 'tokens', description: 'Tokens that the model read.' },
    { name: 'completion_tokens', kind: 'tokens', description: 'Tokens that the model wrote.' },
    { name: 'total_tokens', kind: 'tokens', description: 'Tokens in all.' },
    { name: 'input_tokens_cost', kind: 'cost', description: 'Price of the tokens read, USD.' },
    { name: 'output_tokens_cost', kind: 'cost', description: 'Price of the tokens written, USD.' },
    { name: 'request_cost', kind: 'cost', description: 'Price of the request itself, USD.' },
    { name: 'total_cost', kind: 'cost', description: 'Price in all, USD.' },
    { name: 'country', kind: 'text', description: 'Country of the user, ISO 3166-1 alpha-2.' },
    { name: 'platform', kind: 'text', description: 'Client platform.' },
    { name: 'si_version', kind: 'text', description: 'Version of the client.' },
    { name: 'device', kind: 'text', description: 'Device of the user.' },
    { name: 'res_status', kind: 'text', description: 'How the answer ended.' },
    { name: 'res_type', kind: 'text', description: 'Kind of the answer.' },
  ],
});

/** One record per tool call of a reasoning step. Its Phase 2 text, thought, is deliberately not listed. */
export const toolTopic = defineTopic({
  key: 'tool',
  defaultName: 'athena-user-chat-reasoning-steps-analytics-v0',
  description: 'One record per tool call that a model made while it answered a message.',
  eventTime: 'timestamp',
  day: 'dt',
  fields: [
    { name: 'reasoning_steps_id', kind: 'text', required: true, identifies: message, description: 'The tool call.' },
    { name: 'chat_id', kind: 'text', required: true, identifies: message, description: 'The message it was made for.' },
    { name: 'user_id', kind: 'text', required: true, identifies: user, description: 'Who wrote that message.' },
    { name: 'timestamp', kind: 'instant', required: true, description: 'When the call was made, UTC.' },
    { name: 'dt', kind: 'day', description: 'The day it counts to, UTC.' },
    { name: 'tool_type', kind: 'text', description: 'Kind of the tool.' },
  ],
});
