/** What a fan sees before seats are chosen, in one file to load. */
export { default as EventPage } from './event/EventPage';
export { default as MissingPage } from './missing/MissingPage';
export { default as QueuePage } from './queue/QueuePage';
