namespace Pipeline.Files;

/// <summary>
/// Tells what may be opened as a picture or a video. A pipe that nobody writes to is never open and a device never at its end, so what a
/// folder holds under the name of a picture is asked before it is opened.
/// </summary>
public static class RegularFile
{
    /// <summary>Why a path cannot be read as a file, as the end of a sentence that begins with its name; null when it can be opened without waiting.</summary>
    /// <param name="path">The path; links are followed.</param>
    /// <exception cref="IOException">A link cannot be followed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    /// <remarks>A file that is not there has no fault of this kind: who opens it is told.</remarks>
    public static string? Fault(string path)
    {
        FileInfo info = new(path);
        info = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
        if (Directory.Exists(info.FullName))
        {
            return "is a folder, not a file";
        }

        // .NET does not tell a pipe from a file, but pipes, sockets and devices have no length, and a file without one has nothing to read either.
        return info.Exists && info.Length == 0 ? "is empty (0 bytes), or a pipe, socket or device" : null;
    }
}
