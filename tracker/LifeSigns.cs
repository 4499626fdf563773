using OpenCvSharp;
using Pipeline.Detector;

namespace Pipeline.Tracker;

/// <summary>Why a track is taken for nobody.</summary>
public enum NoPerson
{
    /// <summary>It never had the proportions of somebody upright: an animal, a car, a bench.</summary>
    NeverUpright,

    /// <summary>The picture at its place stayed as it was all the time: a mannequin, a poster, a coat on a hook.</summary>
    NeverChanged,
}

/// <summary>What speaks for a track's being a living person: proportions, and whether the picture ever changed where the track began.</summary>
/// <remarks>
/// Whoever stands still breathes and shifts: on vtest the colours of people who stay within a fifth of their height differ from those three seconds
/// before by 0.022 at least, those of the bare ground over ten seconds by 0.008 at most in nine places of ten. The place looked at is that of the first
/// sight, not of the detector's trembling box; so somebody who came in and then stands still left it long ago, and is safe.
/// </remarks>
internal sealed class LifeSigns
{
    private const double Unchanged = 0.01; // distance of colours
    private const double MostSights = 0.75; // passers-by cover a poster now and then

    private float[]? _first;
    private int _sights;
    private int _same;
    private bool _upright;

    internal void See(Mat picture, in Box box, in Box firstBox, double maxAspect)
    {
        _upright |= box.Width <= maxAspect * box.Height;
        float[]? here = BodyColours.Of(BodyColours.Pixels(picture, out Mat? copy), picture.Width, picture.Height, firstBox);
        copy?.Dispose();
        if (here is null)
        {
            return;
        }

        _first ??= here;
        _sights++;
        _same += BodyColours.Distance(_first, here) < Unchanged ? 1 : 0;
    }

    /// <summary>The verdict over a whole track; null for a person.</summary>
    internal NoPerson? Verdict(TimeSpan lasted, TimeSpan still) =>
        !_upright ? NoPerson.NeverUpright
        : still > TimeSpan.Zero && lasted >= still && _same >= MostSights * _sights ? NoPerson.NeverChanged
        : null;

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_sights);
        writer.Write(_same);
        writer.Write(_upright);
        BodyColours.Write(writer, _first);
    }

    internal void Restore(BinaryReader reader)
    {
        _sights = reader.ReadInt32();
        _same = reader.ReadInt32();
        _upright = reader.ReadBoolean();
        _first = BodyColours.Read(reader);
    }
}
