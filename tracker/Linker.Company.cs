using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <content>Who walks with whom, and who cannot be whom: evidence from those in view beside a tracklet.</content>
public sealed partial class Linker
{
    // Somebody who came with a known person is the sooner taken for one who came with that person before (spec: group evidence). It lowers what is asked.
    private float Accompanied(Query query, int identity)
    {
        float best = 0;
        foreach (RecentTracklet companion in query.Companions)
        {
            int other = Find(companion.IdentityId);
            if (other >= 0 && other != identity)
            {
                best = Math.Max(best, WalkedTogether(identity, other, companion));
            }
        }

        return Math.Min(_options.Company, best);
    }

    // How far the companion lies above what is asked of whoever came and went with this identity before.
    private float WalkedTogether(int identity, int other, RecentTracklet companion)
    {
        float best = 0;
        IReadOnlyList<Guid> prototypes = _gallery.Prototypes(other);
        foreach (KnownSighting there in _gallery.Sightings(identity))
        {
            foreach (KnownSighting beside in _gallery.History(other).Touching(there.StartAt, there.EndAt))
            {
                if (Company.Together(there, beside) && beside.TrackletId != companion.Sighting.TrackletId && prototypes.Contains(beside.TrackletId))
                {
                    float cosine = CosineSearch.Dot(companion.Feature, _gallery.Feature(other, beside.TrackletId));
                    best = Math.Max(best, cosine - _levels.Of(companion.Sighting.Camera, beside.Camera));
                }
            }
        }

        return best;
    }

    // Finds who came with the open ones, and looks again at the identities that this may bring within reach.
    private void FindCompany(List<Query> open, IEnumerable<Query> linked)
    {
        RecentTracklet[] decided = [.. linked.Select(query => new RecentTracklet(query.Sighting, query.Feature!, query.Link!.IdentityId!.Value))];
        foreach (Query query in _options.Company > 0 ? open.Where(query => query.Link is null) : [])
        {
            RecentTracklet[] found = [.. decided.Where(one => Company.Together(one.Sighting, query.Sighting))];
            query.Companions.AddRange(found);
            for (int identity = 0; found.Length > 0 && identity < query.Known; identity++)
            {
                if (query.Worth[identity] >= _threshold - _options.Company)
                {
                    Review(query, identity);
                }
            }
        }
    }

    // What the tracklets of a call say of strangers counts from the next call on.
    private void Meet(List<Query> queries)
    {
        bool met = false;
        foreach (Query query in queries.Where(query => query.Link is not null))
        {
            (KnownSighting here, float[] feature) = (query.Sighting, query.Feature!);
            foreach (RecentTracklet stranger in _recent.Strangers(here, _rules))
            {
                float cosine = CosineSearch.Dot(feature, stranger.Feature);
                _learned.Strangers.Add(here.Camera, stranger.Sighting.Camera, cosine);
                _learned.Strangers.AddAbove(here.Camera == stranger.Sighting.Camera, cosine - _levels.BeforeLevel(here.Camera, stranger.Sighting.Camera));
                met = true;
            }

            _recent.Add(new RecentTracklet(here, feature, query.Link!.IdentityId!.Value));
        }

        if (met)
        {
            _met = true;
            _levels.Renew();
        }
    }
}
