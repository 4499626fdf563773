namespace Pipeline.Tracker.Evaluation;

/// <summary>One line of a MOTChallenge text file.</summary>
/// <param name="Frame">Frame, from 1.</param>
/// <param name="Id">Identity; -1 in detections.</param>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Top edge, pixels.</param>
/// <param name="Width">Width, pixels.</param>
/// <param name="Height">Height, pixels.</param>
/// <param name="Confidence">Score of a detection; in ground truth 0 means "not counted".</param>
/// <param name="Class">Class of ground truth (1 pedestrian); -1 where the file gives none.</param>
public readonly record struct MotRow(
    int Frame, int Id, double X, double Y, double Width, double Height, double Confidence, int Class)
{
    /// <summary>Intersection over union on continuous coordinates, 0 where there is no area.</summary>
    /// <param name="other">The other box.</param>
    public double IoU(in MotRow other)
    {
        double width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        double height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        double intersection = width * height;
        double union = (Width * Height) + (other.Width * other.Height) - intersection;
        return union > 0 ? intersection / union : 0;
    }
}
