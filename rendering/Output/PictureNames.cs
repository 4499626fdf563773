namespace Pipeline.Rendering.Output;

/// <summary>File and folder names of the layouts, with '/' between folders.</summary>
internal static class PictureNames
{
    /// <summary>The file of a picture. Published layouts count persons and cameras from 1: person 0 is a distractor there.</summary>
    public static string Of(PeopleLayout layout, PictureRecord picture)
    {
        (int person, int camera) = (picture.Person + 1, picture.Camera + 1);
        return layout switch
        {
            PeopleLayout.Plain => $"{picture.Person:D5}/c{picture.Camera:D2}/{picture.Number:D2}.jpg",
            PeopleLayout.Market => $"{MarketFolders[(int)picture.Role]}/{person:D4}_c{camera}s1_{picture.Number + 1:D6}_00.jpg",
            PeopleLayout.Mars =>
                $"{MarsFolders[picture.Role == PictureRole.Train ? 0 : 1]}/{person:D4}/{person:D4}C{camera}T0001F{picture.Number + 1:D3}.jpg",
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "a layout of the list"),
        };
    }

    /// <summary>Folders that a layout always has, with or without pictures.</summary>
    public static IReadOnlyList<string> Folders(PeopleLayout layout) => layout switch
    {
        PeopleLayout.Market => MarketFolders,
        PeopleLayout.Mars => MarsFolders,
        _ => [],
    };

    private static string[] MarketFolders { get; } = ["bounding_box_train", "query", "bounding_box_test"];

    private static string[] MarsFolders { get; } = ["bbox_train", "bbox_test"];
}
