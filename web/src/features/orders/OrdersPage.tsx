import { Page } from '../../ui/page';

export default function OrdersPage() {
  return <Page title="OrdersPage">…</Page>;
}
