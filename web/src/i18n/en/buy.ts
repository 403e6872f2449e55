import type { Translation } from '../catalogue';
import type ko from '../ko/buy';

export default {} as const satisfies Translation<typeof ko>;
