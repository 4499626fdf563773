using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pipeline.Rendering.Output;

/// <summary>The folder a set is written to: pictures, manifest.csv, and generator.json when it is complete.</summary>
internal sealed class PeopleFolder
{
    private readonly string _folder;
    private readonly PeopleOptions _options;

    /// <summary>Makes the folder.</summary>
    /// <exception cref="InvalidDataException">It holds something already, or cannot be made.</exception>
    public PeopleFolder(string folder, PeopleOptions options)
    {
        (_folder, _options) = (folder, options);
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new InvalidDataException($"'{folder}': is not empty, and a set gets a folder of its own. Name another folder with --output, or empty this one.");
            }

            foreach (string part in PictureNames.Folders(options.Layout))
            {
                Directory.CreateDirectory(Path.Combine(folder, part));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
    }

    /// <summary>Writes a picture.</summary>
    public void Write(PictureRecord picture, byte[] file)
    {
        string path = Path.Combine(_folder, PictureNames.Of(_options.Layout, picture));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>Writes what the set holds and how it was made: the last files, so a folder with generator.json is complete.</summary>
    public void Complete(IEnumerable<PictureRecord> pictures)
    {
        string manifest = Path.Combine(_folder, "manifest.csv"), settings = Path.Combine(_folder, "generator.json");
        StringBuilder lines = new("file,role,person,camera\n");
        int count = 0;
        foreach (PictureRecord picture in pictures)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{PictureNames.Of(_options.Layout, picture)},{picture.Role.ToString().ToLowerInvariant()},{picture.Person},{picture.Camera}\n");
            count++;
        }

        try
        {
            File.WriteAllText(manifest, lines.ToString());
            File.WriteAllText(settings, Description(count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(_folder, e);
        }
    }

    private string Description(int pictures) => JsonSerializer.Serialize(
        new
        {
            generator = "pipeline people generate",
            version = PeopleGenerator.Version,
            seed = _options.Seed,
            first_id = _options.FirstId,
            people = _options.People,
            cameras = _options.Cameras,
            test_people = _options.TestPeople,
            per_person = _options.PerPerson,
            pictures,
            height = _options.Height,
            width = _options.Height / 2,
            layout = _options.Layout.ToString().ToLowerInvariant(),
            material = new[] { AssetPackage.People.Specification, AssetPackage.Places.Specification },
        },
        Indented) + "\n";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static InvalidDataException Unwritable(string path, Exception e) =>
        new($"'{path}': cannot be written: {e.Message.ReplaceLineEndings(" ")} Check the space left, owner and mode, or name another folder with --output.", e);
}
