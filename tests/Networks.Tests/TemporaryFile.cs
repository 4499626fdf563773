namespace Pipeline.Tests.Networks;

/// <summary>A file in a folder of its own, gone at the end.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("networks-test-").FullName;

    internal TemporaryFile(string name) => Path = System.IO.Path.Combine(_folder, name);

    internal string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
