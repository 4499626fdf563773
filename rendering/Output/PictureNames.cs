namespace Pipeline.Rendering.Output;

/// <summary>File names of the layouts, with '/' between folders.</summary>
internal static class PictureNames
{
    /// <summary>The file of a picture.</summary>
    public static string Of(PeopleLayout layout, PictureRecord picture) => layout switch
    {
        PeopleLayout.Plain => $"{picture.Person:D5}/c{picture.Camera:D2}/{picture.Number:D2}.jpg",
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "a layout of the list"),
    };
}
