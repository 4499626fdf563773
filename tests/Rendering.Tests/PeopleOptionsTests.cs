using Pipeline.Rendering;
using Pipeline.Rendering.Assets;

namespace Pipeline.Tests.Rendering;

public class PeopleOptionsTests
{
    public static TheoryData<PeopleOptions, string> Wrong => new()
    {
        { new() { People = 0 }, "--people: 1 to 1000000 people, got 0" },
        { new() { Cameras = 1 }, "--cameras: 2 to 1000 cameras (one alone has no pairs across cameras), got 1" },
        { new() { PerPerson = 0 }, "--per-person: 1 to 1000 pictures, got 0" },
        { new() { Seed = -1 }, "--seed: 0 or more, got -1" },
        { new() { FirstId = -1 }, "--first-id: 0 to 1000000, got -1" },
        { new() { TestPeople = 101 }, "--test-people: 0 to --people (100), got 101" },
        { new() { Height = 200 }, "--height: 256 or 192 rows, got 200" },
        { new() { Threads = -1 }, "--threads: 0 (one for each core) to 1024, got -1" },
        { new() { Layout = PeopleLayout.Mars, People = 9999 }, "--layout: mars has room for persons up to 9998 and 99 cameras, got person 9999 and 16 cameras" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_outside_its_range_is_named_with_what_is_allowed(PeopleOptions options, string message)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PeopleGenerator.Check(options));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_values_are_named_at_once()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PeopleGenerator.Check(new PeopleOptions { People = -5, Height = 1, Seed = -2 }));

        Assert.All((string[])["--people", "--height", "--seed"], key => Assert.Contains(key, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_are_valid() => Assert.Empty(new PeopleOptions().Problems());

    [Fact]
    public void Missing_material_is_named_with_its_remedy()
    {
        using TemporaryFolder folder = new();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PeopleMaterial.Read(new AssetFolder(folder.Path)));

        Assert.Contains($"not at '{folder.Path}'. 'pipeline people material' fetches it", e.Message, StringComparison.Ordinal);
    }
}
