import { Page } from '../../ui/page';

export default function TicketPage() {
  return <Page title="TicketPage">…</Page>;
}
