namespace Pipeline.Tests.Reid;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("reid-").FullName;

    public string Path(params string[] parts) => System.IO.Path.Combine([_path, .. parts]);

    public string Copy(string from, string name)
    {
        File.Copy(from, Path(name));
        return Path(name);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
