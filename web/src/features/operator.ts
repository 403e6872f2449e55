/** Running a sale, in one file to load. */
export { default as GatePage } from './operator/GatePage';
export { default as OperatorPage } from './operator/OperatorPage';
