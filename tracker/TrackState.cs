using Pipeline.Detector;

namespace Pipeline.Tracker;

/// <summary>Where a track is in its life.</summary>
public enum TrackState
{
    /// <summary>Seen too few times to be believed.</summary>
    Tentative,

    /// <summary>Believed, and seen in the latest frame.</summary>
    Confirmed,

    /// <summary>Believed, but not seen in the latest frame.</summary>
    Lost,

    /// <summary>Given up.</summary>
    Deleted,
}

/// <summary>A detection of the latest frame and the track it went to.</summary>
/// <param name="Key">Number of the track in order of first appearance, from 1, tentative ones counted.</param>
/// <param name="Number">Number among the confirmed tracks, from 1, never reused; 0 while tentative.</param>
/// <param name="State">Tentative or confirmed.</param>
/// <param name="Detection">Index of the detection in the list given.</param>
/// <param name="Box">The detection's box.</param>
/// <param name="Score">The detection's score.</param>
public readonly record struct TrackedBox(int Key, int Number, TrackState State, int Detection, Box Box, float Score);

/// <summary>A track that was given up.</summary>
/// <param name="Key">Its number in order of first appearance.</param>
/// <param name="Number">Its number among the confirmed tracks; 0 when it was never confirmed.</param>
public readonly record struct EndedTrack(int Key, int Number);
