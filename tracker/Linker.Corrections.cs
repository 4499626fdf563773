namespace Pipeline.Tracker;

/// <content>What a new tracklet says about earlier decisions.</content>
public sealed partial class Linker
{
    /// <summary>Looks again at the identities that a tracklet, just decided, is near.</summary>
    private void Reconsider(Query query)
    {
        if (query.Link?.IdentityId is not { } joined)
        {
            return;
        }

        // By id: numbers change with every merge.
        List<(Guid Id, Scored Score)> near = [.. query.Near.Values.Where(one => one.Id != joined).OrderByDescending(one => one.Above).Select(one => (one.Id, one))];
        foreach ((Guid id, Scored score) in near)
        {
            int home = Find(joined);
            int other = Find(id);
            if (home >= 0 && other >= 0 && other != home && !TryMerge(query, home, other, near))
            {
                TryReassign(query, home, other, score);
            }
        }
    }

    private int Find(Guid identity)
    {
        while (_heirs.TryGetValue(identity, out Guid heir))
        {
            identity = heir;
        }

        return _gallery.IndexOf(identity);
    }

    private bool TryMerge(Query query, int home, int other, List<(Guid Id, Scored Score)> near)
    {
        if (Joint(home, other, query.Tracklet.At) is not { } joint || joint.Above < _options.MergeMargin)
        {
            return false;
        }

        foreach ((Guid id, _) in near)
        {
            int third = Find(id);
            if (third >= 0 && third != home && third != other && Rivals(home, other, third, query.Tracklet.At, joint.Above - _options.Margin))
            {
                return false;
            }
        }

        (int kept, int gone) = (Math.Min(home, other), Math.Max(home, other));
        (Guid keptId, Guid goneId) = (_gallery.Id(kept), _gallery.Id(gone));
        Guid[] moved = [.. _gallery.Sightings(gone).Select(sighting => sighting.TrackletId)];
        Decision decision = new(joint.Similarity, joint.Similarity - joint.Best, null, Band.Accept, [], _gallery.Count);
        _gallery.Merge(kept, gone);
        _corrections.Add(new Correction(CorrectionKind.Merged, keptId, goneId, moved, CorrectionCause.LateEvidence, decision));
        _heirs[goneId] = keptId;
        _recent.Give(one => one.IdentityId == goneId, keptId);
        _changed.Remove(goneId);
        _changed.Add(keptId);
        return true;
    }

    // Whether a third one claims either of two as strongly: not when it may well be the same person as they.
    private bool Rivals(int home, int other, int third, DateTimeOffset now, float level)
    {
        (bool homeCan, bool otherCan) = (!Rules(home, third), !Rules(other, third));
        if (homeCan && otherCan && Joint(other, third, now) is { Above: var above } && above >= -_options.Uncertainty)
        {
            return false;
        }

        return (homeCan && _gallery.Compare(home, third, _levels).Above > level)
            || (otherCan && !homeCan && _gallery.Compare(other, third, _levels).Above > level);
    }

    // The other identity cannot be this person, yet one of its tracklets looks far more like this one than like the rest of it.
    private void TryReassign(Query query, int home, int other, Scored score)
    {
        if (score.Above < 0 || _gallery.Sightings(other) is not { Count: > 1 } sightings
            || sightings.FirstOrDefault(sighting => sighting.TrackletId == score.Nearest) is not { } astray
            || query.Tracklet.At - astray.EndAt > _options.OpenFor
            || _rules.Forbids(_gallery.History(home), astray, []) is not null || _constraints.Apart(astray.TrackletId, _gallery.Sightings(home)))
        {
            return;
        }

        float there = _gallery.AboveOthers(other, astray.TrackletId, _levels);
        if (score.Above < there + (2 * _options.Margin) || float.IsNegativeInfinity(there))
        {
            return;
        }

        (Guid from, Guid to) = (_gallery.Id(other), _gallery.Id(home));
        Decision decision = new(score.Similarity, score.Level, score.Above - there, Band.Accept, [], _gallery.Count);
        _gallery.Move(other, home, astray.TrackletId);
        _corrections.Add(new Correction(CorrectionKind.Reassigned, to, from, [astray.TrackletId], CorrectionCause.LateEvidence, decision));
        _recent.Give(one => one.Sighting.TrackletId == astray.TrackletId, to);
        _changed.Add(from);
        _changed.Add(to);
    }

    /// <summary>How alike two identities are that may be one; null when they cannot be, or it is settled that they are not.</summary>
    private (float Above, float Similarity, float Best)? Joint(int one, int other, DateTimeOffset now)
    {
        if (_gallery.History(Math.Max(one, other)) is { Count: > 0 } later && (later.IsCut || now - later.FirstEnd > _options.OpenFor) || Rules(one, other))
        {
            return null;
        }

        return _gallery.Compare(one, other, _levels);
    }

    private bool Rules(int one, int other) =>
        _rules.Forbids(_gallery.History(one), _gallery.History(other))
        || (_constraints.AnyApart && _gallery.Sightings(one).Any(sighting => _constraints.Apart(sighting.TrackletId, _gallery.Sightings(other))));
}
