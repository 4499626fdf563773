namespace Pipeline.Tracker.Evaluation;

/// <summary>A decided tracklet with who it really is.</summary>
/// <param name="Camera">Camera id.</param>
/// <param name="Person">The person, from 1; 0 for nobody: a false alarm, or somebody without truth.</param>
/// <param name="Identity">The identity that it was given; null when it was too poor.</param>
public sealed record JudgedTracklet(string Camera, int Person, Guid? Identity);

/// <summary>Links counted one by one. An identity belongs to the person of its first tracklet.</summary>
/// <param name="Right">Tracklets that joined an identity of their person.</param>
/// <param name="Wrong">Tracklets that joined an identity of somebody else, or of nobody.</param>
/// <param name="Missed">Tracklets that became new identities although their person had one.</param>
public readonly record struct LinkCounts(int Right, int Wrong, int Missed);

/// <summary>Right, wrong and missed links of a run.</summary>
/// <param name="AcrossCameras">Links whose latest tracklet before (the identity's; for a missed one the person's) was in another camera.</param>
/// <param name="SameCamera">Links within a camera: people who came back, and tracks that broke.</param>
/// <param name="FalseIdentities">Identities founded by nobody's tracklet.</param>
public sealed record LinkScores(LinkCounts AcrossCameras, LinkCounts SameCamera, int FalseIdentities)
{
    /// <summary>Counts.</summary>
    /// <param name="tracklets">In the order in which they were decided.</param>
    public static LinkScores Of(IEnumerable<JudgedTracklet> tracklets)
    {
        Dictionary<Guid, int> owners = [];
        Dictionary<Guid, string> latestOfIdentity = [];
        Dictionary<int, string> latestOfPerson = [];
        LinkCounts across = default;
        LinkCounts same = default;
        int falseIdentities = 0;
        foreach ((string camera, int person, Guid? decided) in tracklets)
        {
            if (decided is not { } identity)
            {
                continue;
            }

            string? before = null;
            LinkCounts link = default;
            if (owners.TryGetValue(identity, out int owner))
            {
                before = latestOfIdentity[identity];
                link = owner == person && person > 0 ? new LinkCounts(1, 0, 0) : new LinkCounts(0, 1, 0);
            }
            else
            {
                owners[identity] = person;
                falseIdentities += person == 0 ? 1 : 0;
                link = person > 0 && latestOfPerson.TryGetValue(person, out before) ? new LinkCounts(0, 0, 1) : default;
            }

            (across, same) = before == camera ? (across, Plus(same, link)) : (Plus(across, link), same);
            latestOfIdentity[identity] = camera;
            latestOfPerson[person] = camera;
        }

        return new LinkScores(across, same, falseIdentities);
    }

    private static LinkCounts Plus(LinkCounts left, LinkCounts right) => new(left.Right + right.Right, left.Wrong + right.Wrong, left.Missed + right.Missed);
}
