import type { Catalogue } from '../catalogue';

export default {
  'rehearse.title': '리허설',
  'rehearse.titled': '리허설: {title}',
  'rehearse.about':
    '리허설은 공연의 사본이에요. 팬에게 보이지 않고, 돈이 오가지 않고, 판매 집계에 들어가지 않아요. 보는 사람과 봇만 링크로 들어갈 수 있어요.',
  'rehearse.none': '리허설이 없어요. 초안이나 공개한 공연에서 시작할 수 있어요.',
  'rehearse.start': '리허설',
  'rehearse.start_title': '리허설을 할까요?',
  'rehearse.start_text':
    '“{title}”: 좌석 {places}석, 동시에 {inside}명까지 들어가요. 바로 판매를 시작하고 {until}에 끝나요. 배치도, 가격, 한도는 그대로예요.',
  'rehearse.paid': '결제는 결제사의 시험 환경에서만 해요.',
  'rehearse.unpaid': '이 서버는 결제를 받지 않아서, 봇은 결제하지 못해요.',
  'rehearse.made': '리허설을 만들었어요.',
  'rehearse.made_at': '만든 때',
  'rehearse.state.made': '진행 중',
  'rehearse.state.wiping': '지우는 중',
  'rehearse.state.wiped': '지웠어요',
  'rehearse.held': '선점',
  'rehearse.sold': '판매',
  'rehearse.of': '{sold} / {all}',
  'rehearse.acts': '할 수 있는 일',
  'rehearse.watch': '지켜보기',
  'rehearse.bots': '봇 들이기',
  'rehearse.bots_of': '봇 들이기: {title}',
  'rehearse.command':
    '저장소 폴더에서 이 명령을 실행하세요. {until}까지 쓸 수 있고, 다시 보여 주지 않아요. bench/scenarios의 다른 파일은 사거나, 기다리거나, 구경해요.',
  'rehearse.audited': '봇이 들은 답을 끝에 기록과 맞춰 봐요.',
  'rehearse.database': '--database에 Postgres 주소를 더하면, 봇이 들은 답을 끝에 기록과 맞춰 봐요.',
  'rehearse.wipe': '지우기',
  'rehearse.wipe_of': '지우기: {title}',
  'rehearse.wipe_text':
    '기록 {records}개, 주문 {orders}개, 결제 {payments}개, 티켓 {tickets}개가 모두 사라지고 되살릴 수 없어요. 지금 하던 봇은 쫓겨나요.',
  'rehearse.gone': '리허설을 지웠어요.',

  'error.unknown_rehearsal': '그런 리허설이 없어요. 이미 지웠을 수 있어요.',
  'error.rehearsal_payments':
    '이 서버는 실제 카드로 결제해요. 결제사의 시험 키로 설정한 서버에서 리허설하세요.',
  'error.rehearsal_ticket': '리허설 티켓이에요. 들여보내지 마세요.',
} as const satisfies Catalogue;
