/** Choosing seats, in one file to load. */
export { default as SeatsPage } from './seats/SeatsPage';
export { SeatMap } from './seatmap/SeatMap';
export { mapStrings } from './seats/map-strings';
