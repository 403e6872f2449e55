/** Watching an on-sale, in one file to load: which of its pages an address is. */
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { useGo } from '../ui/go';
import { LoadingPage } from '../ui/page';
import ActorPage from './ops/ActorPage';
import ActorsPage from './ops/ActorsPage';
import NodesPage from './ops/NodesPage';
import OpsPage from './ops/OpsPage';
import StreamsPage from './ops/StreamsPage';

/** The pages of one actor. */
const ACTOR = /^actors\/(evt_[0-9a-z]+)$/;

export default function Ops() {
  const { page } = useRoute().params;
  const event = ACTOR.exec(page ?? '')?.[1];
  if (event !== undefined) return <ActorPage event={event} />;
  switch (page) {
    case undefined:
      return <OpsPage />;
    case 'nodes':
      return <NodesPage />;
    case 'streams':
      return <StreamsPage />;
    case 'actors':
      return <ActorsPage />;
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
