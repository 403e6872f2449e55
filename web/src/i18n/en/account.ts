import type { Translation } from '../catalogue';
import type ko from '../ko/account';

export default {
  'sign_in.title': 'Sign in',
  'sign_in.lead':
    'Your place in line and your seats belong to your account, on whichever device you are.',
  'sign_in.submit': 'Sign in',
  'sign_in.new': 'New here?',
  'sign_in.register': 'Create an account',
  'register.title': 'Create an account',
  'register.lead': 'It takes a minute. Do it before the sale starts.',
  'register.submit': 'Create the account',
  'register.known': 'Do you have an account?',
  'register.sign_in': 'Sign in',
  'setup.title': 'Create a staff account',
  'setup.lead': 'The link makes one account that may see or run sales. It works once.',
  'setup.submit': 'Create the account',
  'setup.no_token': 'The link has no token. Copy the whole address that you were given.',
  'field.email': 'E-mail address',
  'field.name': 'Name',
  'field.name_hint': 'Shown with your orders.',
  'field.password': 'Password',
  'field.password_hint': 'At least 10 characters. A long phrase that you can remember is best.',
  'field.show': 'Show the password',
  'field.hide': 'Hide the password',
  'field.email_bad': 'Please check the e-mail address.',
  'field.name_bad': 'A name has 1 to 80 characters.',
  'field.password_bad': 'A password has 10 to 200 characters and must not be easy to guess.',
} as const satisfies Translation<typeof ko>;
