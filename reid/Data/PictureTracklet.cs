namespace Pipeline.Reid.Data;

/// <summary>The pictures of one person under one camera in one go.</summary>
/// <param name="Person">The person.</param>
/// <param name="Camera">The camera.</param>
/// <param name="Pictures">Places in the list that the tracklets were made of, in frame order.</param>
public sealed record PictureTracklet(int Person, int Camera, IReadOnlyList<int> Pictures)
{
    /// <summary>Groups pictures by person, camera and tracklet; sets without tracklets give one for each person and camera.</summary>
    /// <param name="pictures">The pictures, as of <see cref="PictureCache.Pictures"/>.</param>
    /// <returns>By person, camera and tracklet number.</returns>
    public static IReadOnlyList<PictureTracklet> Of(IReadOnlyList<LabelledPicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return
        [
            .. pictures.Index().GroupBy(p => (p.Item.Person, p.Item.Camera, p.Item.Tracklet)).OrderBy(g => g.Key)
                .Select(g => new PictureTracklet(g.Key.Person, g.Key.Camera, [.. g.OrderBy(p => p.Item.Frame).ThenBy(p => p.Index).Select(p => p.Index)])),
        ];
    }
}
