import { Page } from '../../ui/page';

export default function OperatorPage() {
  return <Page title="OperatorPage">…</Page>;
}
