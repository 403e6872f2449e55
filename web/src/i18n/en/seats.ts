import type { Translation } from '../catalogue';
import type ko from '../ko/seats';

export default {} as const satisfies Translation<typeof ko>;
