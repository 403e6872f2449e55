/** Watching an on-sale, in one file to load: which of its pages an address is. */
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { useGo } from '../ui/go';
import { LoadingPage } from '../ui/page';
import ActorPage from './ops/ActorPage';
import ActorsPage from './ops/ActorsPage';
import AuditPage from './ops/AuditPage';
import NodesPage from './ops/NodesPage';
import OpsPage from './ops/OpsPage';
import SalePage from './ops/SalePage';
import SettingsPage from './ops/SettingsPage';
import StreamsPage from './ops/StreamsPage';

/** The pages of one actor, and of one sale. */
const ACTOR = /^actors\/(evt_[0-9a-z]+)$/;
const SALE = /^sales\/(evt_[0-9a-z]+)$/;

export default function Ops() {
  const { page } = useRoute().params;
  const actor = ACTOR.exec(page ?? '')?.[1];
  if (actor !== undefined) return <ActorPage event={actor} />;
  const sale = SALE.exec(page ?? '')?.[1];
  if (sale !== undefined) return <SalePage key={sale} event={sale} />;
  switch (page) {
    case undefined:
      return <OpsPage />;
    case 'nodes':
      return <NodesPage />;
    case 'streams':
      return <StreamsPage />;
    case 'actors':
      return <ActorsPage />;
    case 'audit':
      return <AuditPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return <Elsewhere />;
  }
}

/** To where everything else is found. */
function Elsewhere() {
  const go = useGo();
  useEffect(() => go('/ops', 'replace'), [go]);
  return <LoadingPage />;
}
