namespace Pipeline.Reid.Data;

/// <summary>One tracklet of a MARS folder.</summary>
/// <param name="Pid">Person; -1 is junk, 0 a distractor.</param>
/// <param name="Camera">1 to 6 in MARS.</param>
/// <param name="Number">The tracklet number of the file names; counted per person.</param>
/// <param name="Paths">The pictures in the order of <paramref name="Frames"/>.</param>
/// <param name="Frames">Frame numbers within the tracklet, ascending.</param>
/// <param name="Query">A query of the MARS protocol, known from <c>query_IDX.mat</c> only.</param>
public sealed record MarsTracklet(int Pid, int Camera, int Number, IReadOnlyList<string> Paths, IReadOnlyList<int> Frames, bool Query = false);
