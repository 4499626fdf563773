namespace Pipeline.Rendering.Assets;

/// <summary>
/// The items of the packages that are used: only those of the MakeHuman team (Bastioni, Hauquier), which its current release gives away
/// under CC0, and the CC0 panoramas. Items of other authors in the same package are not taken.
/// </summary>
internal static class AssetList
{
    /// <summary>Suits for men.</summary>
    public static readonly string[] MaleSuits =
    [
        "male_casualsuit01", "male_casualsuit02", "male_casualsuit03", "male_casualsuit04", "male_casualsuit05", "male_casualsuit06",
        "male_elegantsuit01", "male_worksuit01",
    ];

    /// <summary>Suits for women.</summary>
    public static readonly string[] FemaleSuits = ["female_casualsuit01", "female_casualsuit02", "female_elegantsuit01", "female_sportsuit01"];

    /// <summary>Shoes.</summary>
    public static readonly string[] Shoes = ["shoes01", "shoes02", "shoes03", "shoes04", "shoes05", "shoes06"];

    /// <summary>The one hat with a mesh.</summary>
    public const string Fedora = "fedora";

    /// <summary>Hair.</summary>
    public static readonly string[] Hair =
        ["afro01", "bob01", "bob02", "Braid01", "long01", "ponytail01", "short01", "short02", "short03", "short04"];

    /// <summary>Panoramas of indoor places; the others are outdoors.</summary>
    public static readonly string[] IndoorPlaces = ["apartment", "hall", "lab", "lobby", "studio", "warehouse", "workshop"];

    /// <summary>The panorama that is too dark to stand behind anybody.</summary>
    public const string NightPlace = "night";

    /// <summary>Clothes that have a mesh.</summary>
    public static IEnumerable<string> Clothes => [.. MaleSuits, .. FemaleSuits, .. Shoes, Fedora];

    /// <summary>Skins: age, race and sex.</summary>
    public static IEnumerable<string> Skins =>
        from age in (string[])["young", "middleage", "old"]
        from race in (string[])["african", "asian", "caucasian"]
        from sex in (string[])["female", "male"]
        select $"{age}_{race}_{sex}";
}
