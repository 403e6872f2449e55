import { Page } from '../../ui/page';

export default function SeatsPage() {
  return <Page title="SeatsPage">…</Page>;
}
