/** Choosing seats, in one file to load. */
export { default as SeatsPage } from './seats/SeatsPage';
