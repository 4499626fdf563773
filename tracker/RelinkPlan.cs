namespace Pipeline.Tracker;

/// <summary>From groups to as few changes of identities as bring them about.</summary>
/// <remarks>
/// A group keeps the identity that most of it belonged to; an identity goes to one group only, to that which holds most of it, one of earlier
/// runs always to the group that holds it. Tracklets that leave for another known identity are reassigned, for a new one split off; an identity
/// of which nothing is left in a group of its own is merged into that which holds most of it.
/// </remarks>
/// <param name="options">Settings.</param>
internal sealed class RelinkPlan(LinkerOptions options)
{
    /// <summary>Makes the changes.</summary>
    /// <param name="groups">The groups, in order.</param>
    internal RelinkResult Make(IReadOnlyList<RelinkNode> groups)
    {
        List<Share> shares = [.. groups.SelectMany(SharesOf)];
        (Dictionary<int, Guid> names, Dictionary<Guid, int> homes) = Names(shares);
        HashSet<Guid> taken = [.. shares.Select(share => share.Identity)];
        List<Correction> splits = [];
        List<Correction> moves = [];
        List<Correction> merges = [];
        foreach (IGrouping<Guid, Share> identity in shares.GroupBy(share => share.Identity).OrderBy(group => group.Min(share => share.First)).ThenBy(group => group.Key))
        {
            int? heir = homes.ContainsKey(identity.Key) ? null : identity.OrderByDescending(share => share.Tracklets.Count).ThenBy(share => share.Group).First().Group;
            foreach (Share share in identity.OrderBy(share => share.Group))
            {
                if (names.TryGetValue(share.Group, out Guid name) && name == identity.Key)
                {
                    continue;
                }

                if (name == Guid.Empty)
                {
                    name = names[share.Group] = NewName(groups[share.Group], taken);
                    splits.Add(Change(CorrectionKind.Split, name, share));
                }
                else if (share.Group == heir)
                {
                    merges.Add(Change(CorrectionKind.Merged, name, share));
                }
                else
                {
                    moves.Add(Change(CorrectionKind.Reassigned, name, share));
                }
            }
        }

        Correction[] all = [.. splits, .. moves, .. merges];
        HashSet<Guid> changed = [.. all.Select(one => one.IdentityId), .. all.Where(one => one.Kind != CorrectionKind.Merged).Select(one => one.PreviousIdentityId)];
        return new RelinkResult(all, [.. names.OrderBy(name => name.Key).Where(name => changed.Contains(name.Value)).Select(name => PrototypesOf(name.Value, groups[name.Key]))]);
    }

    private static Correction Change(CorrectionKind kind, Guid to, Share share) =>
        new(kind, to, share.Identity, share.Tracklets, CorrectionCause.ReEvaluation, null);

    private static IEnumerable<Share> SharesOf(RelinkNode node, int group)
    {
        foreach (IGrouping<Guid, (Guid Tracklet, long Order)> share in node.Owners.Select(owner => (owner.Identity, Item: (owner.Tracklet, owner.Order)))
            .Concat(node.SettledSightings.SelectMany(known => known.Value.Select(sighting => (Identity: known.Key, Item: (Tracklet: sighting.TrackletId, sighting.Order)))))
            .GroupBy(one => one.Identity, one => one.Item))
        {
            (Guid Tracklet, long Order)[] ordered = [.. share.OrderBy(one => one.Order).ThenBy(one => one.Tracklet)];
            yield return new Share(group, share.Key, [.. ordered.Select(one => one.Tracklet)], ordered[0].Order, node.Settled.Contains(share.Key));
        }
    }

    private static (Dictionary<int, Guid> Names, Dictionary<Guid, int> Homes) Names(List<Share> shares)
    {
        Dictionary<int, Guid> names = [];
        Dictionary<Guid, int> homes = [];
        foreach (Share share in shares.OrderByDescending(share => share.Settled).ThenByDescending(share => share.Tracklets.Count)
            .ThenBy(share => share.First).ThenBy(share => share.Group))
        {
            if (!names.ContainsKey(share.Group) && !homes.ContainsKey(share.Identity))
            {
                names[share.Group] = share.Identity;
                homes[share.Identity] = share.Group;
            }
        }

        return (names, homes);
    }

    private static Guid NewName(RelinkNode group, HashSet<Guid> taken)
    {
        KnownSighting first = group.Sightings.OrderBy(sighting => sighting.Order).ThenBy(sighting => sighting.TrackletId).First();
        for (int attempt = 0; ; attempt++)
        {
            Guid name = ContentId.Create(first.EndAt, first.TrackletId.ToString(), "identity", "relink", attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (taken.Add(name))
            {
                return name;
            }
        }
    }

    private PrototypeSet PrototypesOf(Guid identity, RelinkNode group)
    {
        IdentityGallery gallery = new(options.Prototypes, options.PrototypesPerCamera);
        int number = gallery.Create(identity);
        foreach ((KnownSighting sighting, float[] feature) in group.Features.OrderBy(one => one.Sighting.Order).ThenBy(one => one.Sighting.TrackletId))
        {
            gallery.Add(number, sighting, feature);
        }

        return new PrototypeSet(identity, gallery.Prototypes(number));
    }

    private sealed record Share(int Group, Guid Identity, IReadOnlyList<Guid> Tracklets, long First, bool Settled);
}
