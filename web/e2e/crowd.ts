/** Fans without browsers: they fill a sale that somebody else looks at. */
import { newFan, type Account, type Server } from './server';

/** A crowd comes from one address. */
export const UNBOUNDED = {
  TIKETI_LIMITS__ADDRESS_PER_MINUTE: '0',
  TIKETI_LIMITS__ACCOUNT_PER_MINUTE: '0',
};

/** Fans one after the other: a server that hashes passwords for many at once says that it is busy. */
export async function crowd(server: Server, size: number): Promise<Account[]> {
  const fans: Account[] = [];
  while (fans.length < size) fans.push(await newFan(server));
  return fans;
}
