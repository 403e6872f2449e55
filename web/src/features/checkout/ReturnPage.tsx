import { Page } from '../../ui/page';

export default function ReturnPage() {
  return <Page title="ReturnPage">…</Page>;
}
