namespace Pipeline.Tracker;

/// <summary>The rules of place and time for those who do not link: which sightings rule out that two identities are one person.</summary>
/// <param name="options">Settings.</param>
public sealed class PhysicalRules(LinkerOptions options)
{
    private readonly CameraRules _rules = new(options);

    /// <summary>The first two sightings, one of each, that cannot be of one person; null when there are none.</summary>
    /// <param name="ones">Sightings of one identity.</param>
    /// <param name="others">Sightings of another.</param>
    public (KnownSighting One, KnownSighting Other)? Conflict(IReadOnlyList<KnownSighting> ones, IReadOnlyList<KnownSighting> others)
    {
        ArgumentNullException.ThrowIfNull(ones);
        ArgumentNullException.ThrowIfNull(others);
        foreach (KnownSighting one in ones)
        {
            foreach (KnownSighting other in others)
            {
                if (_rules.Forbids(one, other))
                {
                    return (one, other);
                }
            }
        }

        return null;
    }

    /// <summary>The prototypes that tracklets of one identity leave when they are added one after the other.</summary>
    /// <param name="identityId">The identity.</param>
    /// <param name="tracklets">Its sightings with their clip features, in the order of the decisions.</param>
    public PrototypeSet Prototypes(Guid identityId, IEnumerable<(KnownSighting Sighting, float[] Feature)> tracklets)
    {
        ArgumentNullException.ThrowIfNull(tracklets);
        IdentityGallery gallery = new(options.Prototypes, options.PrototypesPerCamera);
        int identity = gallery.Create(identityId);
        foreach ((KnownSighting sighting, float[] feature) in tracklets)
        {
            gallery.Add(identity, sighting, feature);
        }

        return new PrototypeSet(identityId, gallery.Prototypes(identity));
    }
}
