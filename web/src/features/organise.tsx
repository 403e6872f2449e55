/** Preparing what is sold, in one file to load: which of its pages an address is. */
import { useRoute } from 'preact-iso';
import { Private } from '../ui/guard';
import { ArtistsPage } from './organise/ArtistsPage';
import { EventPage } from './organise/EventPage';
import { PeoplePage } from './organise/PeoplePage';
import { PlansPage } from './organise/PlansPage';
import { ProgrammePage } from './organise/ProgrammePage';
import { VenuesPage } from './organise/VenuesPage';
import { RehearsalsPage } from './organise/RehearsalsPage';
import './organise/organise.css';

export default function Organise() {
  const { params, query } = useRoute();
  const [, page = '', id = ''] = (params['page'] ?? '').split('/');
  switch (page) {
    case 'plans':
      return <Private role="operator">{(who) => <PlansPage who={who} />}</Private>;
    case 'venues':
      return <Private role="operator">{(who) => <VenuesPage who={who} />}</Private>;
    case 'artists':
      return <Private role="operator">{(who) => <ArtistsPage who={who} />}</Private>;
    case 'people':
      return <Private role="administrator">{(who) => <PeoplePage who={who} />}</Private>;
    case 'rehearsals': {
      const of = query['of'] ?? '';
      return <Private role="operator">{(who) => <RehearsalsPage who={who} of={of} />}</Private>;
    }
    case 'new': {
      const of = { type: 'new', from: query['from'] ?? '' } as const;
      return <Private role="operator">{(who) => <EventPage who={who} of={of} />}</Private>;
    }
    case 'drafts':
    case 'events': {
      const of = { type: page === 'drafts' ? 'draft' : 'published', id } as const;
      return <Private role="operator">{(who) => <EventPage who={who} of={of} />}</Private>;
    }
    default:
      return <Private role="operator">{(who) => <ProgrammePage who={who} />}</Private>;
  }
}
