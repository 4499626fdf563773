using Pipeline.Reid.Data;

namespace Pipeline.Reid.Adapting;

/// <summary>Batches of an adaptation: people of the site first, then as many of the source, where there is one. Made of the seed and the epoch alone.</summary>
internal sealed class MixedBatches
{
    private readonly IdentitySampler _site;
    private readonly IdentitySampler? _source;

    /// <summary>Puts both samplers together.</summary>
    /// <param name="pictures">All pictures; those of the site have no person (0), those of the source have one.</param>
    /// <param name="labels">The class of each, -1 for pictures left out.</param>
    /// <param name="options">How many people and pictures.</param>
    /// <exception cref="InvalidDataException">Fewer than two people are left of one of both.</exception>
    public MixedBatches(IReadOnlyList<LabelledPicture> pictures, int[] labels, AdaptationOptions options)
    {
        IdentitySampler Sampler(Func<LabelledPicture, bool> own)
        {
            int[] classes = [.. labels.Select((label, i) => own(pictures[i]) ? label : -1)];
            int people = Math.Min(options.People, classes.Where(label => label >= 0).Distinct().Count());
            return new IdentitySampler(
                classes, Math.Max(2, people), options.Pictures, (ulong)(uint)options.Seed, cameras: [.. pictures.Select(picture => picture.Camera)], steps: options.Steps);
        }

        _site = Sampler(picture => picture.Person == 0);
        _source = pictures.Any(picture => picture.Person > 0) ? Sampler(picture => picture.Person > 0) : null;
    }

    /// <summary>The batches of an epoch, as places of pictures.</summary>
    public IReadOnlyList<int[]> Epoch(int epoch) =>
        _source is null ? _site.Epoch(epoch) : [.. _site.Epoch(epoch).Zip(_source.Epoch(epoch), (site, source) => (int[])[.. site, .. source])];
}
