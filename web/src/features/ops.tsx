/** Watching an on-sale, in one file to load: which of its pages an address is. */
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { useGo } from '../ui/go';
import { LoadingPage } from '../ui/page';
import ActorsPage from './ops/ActorsPage';
import NodesPage from './ops/NodesPage';
import OpsPage from './ops/OpsPage';

export default function Ops() {
  switch (useRoute().params['page']) {
    case undefined:
      return <OpsPage />;
    case 'nodes':
      return <NodesPage />;
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
