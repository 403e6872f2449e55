/** What a map says; the page translates it. */
import type { MapTexts } from './blocks';

/** How a place stands for the fan who looks at it. */
export type SeatLook = 'free' | 'held' | 'sold' | 'not_for_sale' | 'mine';

export interface SeatMapStrings extends MapTexts {
  /** The map's name for those who do not see it. */
  readonly map: string;
  /** How to use it by keyboard. */
  readonly help: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  /** Opens and closes the list of sections, rows and seats. */
  readonly list: string;
  readonly closeList: string;
  readonly legend: string;
  readonly states: Readonly<Record<SeatLook, string>>;
  readonly accessible: string;
  readonly companion: string;
  readonly restrictedView: string;
  /** “Section 102”. Labels are as the venue has them and may be empty. */
  section(label: string): string;
  row(label: string): string;
  /** “Table T3”, in the list below its section. */
  tableName(label: string): string;
  /** “Section 102, row F, seat 12”. */
  seat(section: string, row: string, seat: string): string;
  /** A seat at a table whose seats are sold one by one. */
  tableSeat(section: string, table: string, seat: string): string;
  /** A table that is sold as a whole. */
  table(section: string, table: string, seats: number): string;
  /** “340 seats left”, in full; also for areas. */
  free(count: number): string;
}
