/** Signing in and registering, in one file to load. */
export { default as RegisterPage } from './account/RegisterPage';
export { default as SetupPage } from './account/SetupPage';
export { default as SignInPage } from './account/SignInPage';
