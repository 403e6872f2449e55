import type { Translation } from '../catalogue';
import type ko from '../ko/operator';

export default {} as const satisfies Translation<typeof ko>;
