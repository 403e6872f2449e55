import { Page } from '../../ui/page';

export default function GatePage() {
  return <Page title="GatePage">…</Page>;
}
