namespace Pipeline.Tracker.Evaluation;

/// <summary>Scores of several cameras that share one identity space.</summary>
/// <param name="All">All cameras as one: HOTA and Identity of the whole; CLEAR is the sum of the cameras' counts, since it depends on their order otherwise.</param>
/// <param name="Apart">The cameras pooled, each with identities of its own: what would be if links did not count.</param>
/// <param name="Cameras">Each camera by itself.</param>
/// <param name="Pairs">Each two cameras as one.</param>
/// <param name="Persons">Each person, over all cameras.</param>
public sealed record SiteScores(
    TrackingScores All,
    TrackingScores Apart,
    IReadOnlyList<CameraScores> Cameras,
    IReadOnlyList<CameraPairScores> Pairs,
    IReadOnlyList<PersonScores> Persons)
{
    /// <summary>Scores cameras (golden/mot, "Identity scores over several cameras").</summary>
    /// <param name="sequences">Recordings; those of one camera follow each other.</param>
    /// <exception cref="InvalidDataException">An identity is twice in a frame, or a frame is out of bounds.</exception>
    public static SiteScores Of(IReadOnlyList<MotSequence> sequences)
    {
        (string Camera, ScoredSequence Sequence)[] cameras =
        [
            .. sequences.GroupBy(sequence => sequence.Camera, StringComparer.Ordinal).OrderBy(camera => camera.Key, StringComparer.Ordinal)
                .Select(camera => (camera.Key, ScoredSequence.Join([.. camera.Select(Prepare)]))),
        ];
        CameraScores[] each = [.. cameras.Select(camera => new CameraScores(camera.Camera, camera.Sequence.Frames.Count, TrackingScores.Of(camera.Sequence)))];
        ScoredSequence whole = ScoredSequence.Join([.. cameras.Select(camera => camera.Sequence)]);
        ClearScores clear = ClearScores.Combine([.. each.Select(camera => camera.Scores.Clear)]);
        return new SiteScores(
            new TrackingScores(HotaScores.Of(whole), clear, IdentityScores.Of(whole)),
            TrackingScores.Combine([.. each.Select(camera => camera.Scores)]),
            each,
            [.. PairsOf(cameras)],
            IdentityScores.PerPerson(whole));
    }

    private static IEnumerable<CameraPairScores> PairsOf((string Camera, ScoredSequence Sequence)[] cameras)
    {
        for (int first = 0; first < cameras.Length; first++)
        {
            for (int second = first + 1; second < cameras.Length; second++)
            {
                ScoredSequence both = ScoredSequence.Join([cameras[first].Sequence, cameras[second].Sequence]);
                yield return new CameraPairScores(
                    cameras[first].Camera, cameras[second].Camera, cameras[first].Sequence.TruthNames.Intersect(cameras[second].Sequence.TruthNames).Count(),
                    IdentityScores.Of(both), HotaScores.Of(both).Mean);
            }
        }
    }

    private static ScoredSequence Prepare(MotSequence sequence)
    {
        try
        {
            return ScoredSequence.Create(sequence.Truth, sequence.Found, sequence.Length, MotRules.Mot15);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{sequence.Name}: {e.Message}", e);
        }
    }
}

/// <summary>Scores of one camera by itself.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Scores">Its scores.</param>
public sealed record CameraScores(string Camera, int Frames, TrackingScores Scores);

/// <summary>Scores of two cameras taken as one.</summary>
/// <param name="First">One camera.</param>
/// <param name="Second">The other one.</param>
/// <param name="SharedPersons">Persons of the truth who are in both.</param>
/// <param name="Identity">Identity scores.</param>
/// <param name="Hota">HOTA.</param>
public sealed record CameraPairScores(string First, string Second, int SharedPersons, IdentityScores Identity, double Hota);
