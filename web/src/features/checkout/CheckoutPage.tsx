import { Page } from '../../ui/page';

export default function CheckoutPage() {
  return <Page title="CheckoutPage">…</Page>;
}
