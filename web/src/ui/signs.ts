/** Pictograms of later pages: paths for `Icon`. */

export const BACK = 'M14.5 6 8.5 12l6 6';
export const CALENDAR =
  'M4 9.5h16M8 3.5v3M16 3.5v3M6 5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z';
export const CARD =
  'M3 10h18M5 5.5h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2ZM7 15h3';
export const MINUS = 'M5.5 12h13';
export const PIN =
  'M12 20.5s6.5-5.6 6.5-10.6a6.5 6.5 0 0 0-13 0c0 5 6.5 10.6 6.5 10.6ZM12 12.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z';
export const PLUS = 'M12 5.5v13M5.5 12h13';
export const PRINT =
  'M7 9V4h10v5M7 17H5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-2M7 14.5h10V20H7v-5.5Z';
export const SHIELD =
  'm8.8 12 2.3 2.3 4.2-4.4M12 3.5l7 2.6v5.2c0 4.4-2.9 7.8-7 9.2-4.1-1.4-7-4.8-7-9.2V6.1l7-2.6Z';
export const SIGNAL = 'M5 12.5a10 10 0 0 1 14 0M8 15.7a5.6 5.6 0 0 1 8 0M12 19h.01';
export const SPARK = 'M12 3.5l1.9 5.6 5.6 1.9-5.6 1.9L12 18.5l-1.9-5.6L4.5 11l5.6-1.9L12 3.5Z';
export const QR =
  'M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h2.5v2.5H14ZM20 14v2M17.5 20H20v-1.5M14 20h.5';
export const INFO = 'M12 11v5M12 7.8h.01M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z';
