using Pipeline.Reid;
using Pipeline.Reid.Calibrating;

namespace Pipeline.Store;

/// <summary>What the store needs of its surroundings.</summary>
public sealed record StoreSetup
{
    /// <summary>The database. Crops lie beside it: in <c>crops/</c> for <c>identities.db</c>, else in <c>NAME.crops/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Site id, a slug of mqtt.md section 1; part of every event id. A store belongs to one site.</summary>
    public required string Site { get; init; }

    /// <summary>Makes a JPEG of a picture; the same bytes for the same picture.</summary>
    public required Func<Picture, byte[]> EncodeJpeg { get; init; }

    /// <summary>The section <c>store</c> of the settings.</summary>
    public StoreOptions Options { get; init; } = new();

    /// <summary>Whether events are queued for a broker. False with <c>--no-mqtt</c>: nothing is to go out later by surprise.</summary>
    public bool Publish { get; init; } = true;

    /// <summary>Root R of mqtt.md section 1 when crops are published, so that events can name their crop's topic; else null.</summary>
    public string? CropTopicRoot { get; init; }

    /// <summary>What was measured of the model in use; events of that model carry it. Null when nothing was.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Gives <c>published_at</c>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
