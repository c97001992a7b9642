import type { PlatformTraits } from '../../types.js';

/** How guests are kept apart where control groups limit them: the same for every container tool of Linux. */
export const ISOLATION: PlatformTraits['isolation'] = {
  security: 'kernel objects',
  cpu: 'control groups: weights and quotas of the scheduler of Linux',
  memory: 'control groups',
  io: 'control groups, and the block and network schedulers of Linux',
};
