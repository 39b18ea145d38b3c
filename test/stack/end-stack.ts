import { endHeldStack } from './held-stack.ts';

export default endHeldStack;
