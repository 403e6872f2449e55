import type { Catalogue } from '../catalogue';

export default {
  'error.unknown_rehearsal': '그런 리허설이 없어요. 이미 지웠을 수 있어요.',
  'error.rehearsal_payments':
    '이 서버는 실제 카드로 결제해요. 결제사의 시험 키로 설정한 서버에서 리허설하세요.',
  'error.rehearsal_ticket': '리허설 티켓이에요. 들여보내지 마세요.',
} as const satisfies Catalogue;
