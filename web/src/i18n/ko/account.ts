import type { Catalogue } from '../catalogue';

/** Signing in, registering, and accounts made with a link. */
export default {
  'sign_in.title': '로그인',
  'sign_in.lead': '순서와 좌석은 계정에 묶여요. 어느 기기에서든 이어서 할 수 있어요.',
  'sign_in.submit': '로그인',
  'sign_in.new': '처음이신가요?',
  'sign_in.register': '회원가입',
  'register.title': '회원가입',
  'register.lead': '1분이면 끝나요. 예매가 시작되기 전에 미리 해 두세요.',
  'register.submit': '가입하고 시작하기',
  'register.known': '이미 계정이 있나요?',
  'register.sign_in': '로그인',
  'setup.title': '운영 계정 만들기',
  'setup.lead': '받은 링크로 운영 계정을 하나 만들어요. 링크는 한 번만 쓸 수 있어요.',
  'setup.submit': '계정 만들기',
  'setup.no_token': '링크에 토큰이 없어요. 받은 주소를 처음부터 끝까지 복사해 주세요.',
  'field.email': '이메일',
  'field.name': '이름',
  'field.name_hint': '예매 내역에 보이는 이름이에요.',
  'field.password': '비밀번호',
  'field.password_hint': '10자 이상. 문장처럼 길고 기억하기 쉬운 것이 좋아요.',
  'field.show': '비밀번호 보기',
  'field.hide': '비밀번호 숨기기',
  'field.email_bad': '이메일 주소를 확인해 주세요.',
  'field.name_bad': '이름은 1~80자로 적어 주세요.',
  'field.password_bad': '비밀번호는 10~200자이고, 추측하기 쉬운 것은 쓸 수 없어요.',
} as const satisfies Catalogue;
