using System.Globalization;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Store;

namespace Pipeline.Cli.Commands;

/// <summary>A command on a store: the one that is named, else that of the latest run.</summary>
/// <param name="name">Name, one word.</param>
/// <param name="description">One sentence.</param>
/// <param name="flags">Short flags beside <c>--store</c>.</param>
internal abstract class StoreCommand(string name, string description, params IReadOnlyList<string> flags)
    : SettingsCommand(name, description, ["--store", .. flags])
{
    /// <summary>Path of the store.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <exception cref="InvalidDataException">None is named, and there is no run.</exception>
    protected static string PathOf(LoadedSettings<Settings> settings) => settings.Value.Store.File is { } file
        ? settings.Resolve("store.file", file)
        : OutputFolder.LatestStore() ?? throw new InvalidDataException("there is no run under runs/. Name a store with --store, or make one with 'pipeline run'.");

    /// <summary>Opens the store for writing, as its own site.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="site">The site that it belongs to.</param>
    protected static IdentityStore OpenWriting(LoadedSettings<Settings> settings, string site) => IdentityStore.Open(new StoreSetup
    {
        Path = PathOf(settings),
        Site = site,
        EncodeJpeg = picture => PictureIo.ToJpeg(picture),
        Options = settings.Value.Store,
        Publish = Effective.Mqtt(settings) is not null,
    });

    /// <summary>The one identity that an id or a part of one means.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="part">Beginning or end of an id.</param>
    /// <exception cref="InvalidDataException">None, or several.</exception>
    protected static Guid Resolve(StoreReader reader, string part)
    {
        IReadOnlyList<Guid> found = part.Length == 0 ? [] : reader.FindIdentities(part);
        return found switch
        {
            [Guid one] => one,
            [] => throw new InvalidDataException($"no identity begins or ends with '{part}'. pipeline identities list shows them."),
            _ => throw new InvalidDataException($"{found.Count} identities begin or end with '{part}': {string.Join(", ", found.Take(4))}{(found.Count > 4 ? ", ..." : "")}. Give more of the id."),
        };
    }

    /// <summary>As <see cref="Resolve"/>; a whole id is taken as it is, so that one that was erased can be named as such.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="part">An id, or its beginning or end.</param>
    /// <exception cref="InvalidDataException">None, or several.</exception>
    protected static Guid ResolveAny(StoreReader reader, string part) => Guid.TryParse(part, out Guid whole) ? whole : Resolve(reader, part);

    /// <summary>A capture time for people. Cameras without a clock count from 2000-01-01: theirs is the time since their start.</summary>
    /// <param name="at">The time.</param>
    protected static string Moment(DateTimeOffset at) => at.Year == 2000 && at.DayOfYear <= 31
        ? "+" + TerminalText.Span(at - new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
        : at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
