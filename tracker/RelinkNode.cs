namespace Pipeline.Tracker;

/// <summary>A group of tracklets that are one person.</summary>
internal sealed class RelinkNode
{
    private RelinkNode? _into;

    /// <summary>Its features, each with the camera and the tracklet that it is from.</summary>
    internal List<(KnownSighting Sighting, float[] Feature)> Features { get; } = [];

    /// <summary>All its sightings, those without a feature here too.</summary>
    internal List<KnownSighting> Sightings { get; } = [];

    /// <summary>Whom each tracklet of this run belonged to.</summary>
    internal List<(Guid Tracklet, long Order, Guid Identity)> Owners { get; } = [];

    /// <summary>Identities of earlier runs in it, oldest first.</summary>
    internal List<Guid> Settled { get; } = [];

    /// <summary>Tracklets that the identities of earlier runs in it have, by identity.</summary>
    internal Dictionary<Guid, List<KnownSighting>> SettledSightings { get; } = [];

    /// <summary>The node that this one is part of now.</summary>
    internal RelinkNode Whole => _into is null ? this : _into.Whole;

    internal static RelinkNode Of(RelinkItem item)
    {
        RelinkNode node = new();
        node.Features.Add((item.Sighting, item.Feature));
        node.Sightings.Add(item.Sighting);
        node.Owners.Add((item.Sighting.TrackletId, item.Sighting.Order, item.IdentityId));
        return node;
    }

    internal static RelinkNode Of(KnownIdentity identity)
    {
        RelinkNode node = new();
        foreach (KnownPrototype prototype in identity.Prototypes)
        {
            KnownSighting? sighting = identity.Sightings.FirstOrDefault(one => one.TrackletId == prototype.TrackletId);
            if (sighting is not null)
            {
                node.Features.Add((sighting, prototype.Feature));
            }
        }

        node.Sightings.AddRange(identity.Sightings);
        node.Settled.Add(identity.Id);
        node.SettledSightings[identity.Id] = [.. identity.Sightings];
        return node;
    }

    internal void Take(RelinkNode other)
    {
        Features.AddRange(other.Features);
        Sightings.AddRange(other.Sightings);
        Owners.AddRange(other.Owners);
        Settled.AddRange(other.Settled);
        foreach ((Guid identity, List<KnownSighting> sightings) in other.SettledSightings)
        {
            SettledSightings[identity] = sightings;
        }

        other._into = this;
    }
}
