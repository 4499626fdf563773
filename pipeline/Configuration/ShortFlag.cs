namespace Pipeline.Cli.Configuration;

/// <summary>A short flag that stands for a key.</summary>
/// <param name="Name">Such as <c>--fps</c>.</param>
/// <param name="Key">The key it sets.</param>
/// <param name="ValueName">What is shown for its value in help; null for a switch without a value.</param>
/// <param name="Help">One line; says the default.</param>
/// <param name="SwitchText">The value that a switch sets.</param>
public sealed record ShortFlag(string Name, string Key, string? ValueName, string Help, string SwitchText = "true")
{
    /// <summary>The well-known flags. A new one is one line here.</summary>
    public static IReadOnlyList<ShortFlag> All { get; } =
    [
        new("--output", "run.output", "DIR", "Folder to write to; default runs/TIME."),
        new("--resume", "run.resume", null, "Go on where a stopped or killed run of this input ended; nothing is sent twice."),
        new("--store", "store.file", "FILE", "Database that runs share; default identities.db in the output folder."),
        new("--fps", "ingest.fps", "N", "Frames to analyse a second and camera; default 5, 0 for all."),
        new("--clocks", "ingest.clocks", "unrelated|together", "Whether cameras without a clock started at once; default unrelated."),
        new("--detector", "detector.model", "hog|FILE", "People detector: hog, an .onnx file; default NanoDet-G, or hog without it."),
        new("--detections", "detector.given", "DIR", "Boxes that somebody else found, CAMERA/SEGMENT.txt; then no detector is needed."),
        new("--no-motion-gate", "detector.motion_gate", null, "Look for people in every frame, also while nothing moves.", "false"),
        new("--reid-model", "reid.model", "NAME|FILE", "Describes people: default (comes with the program), colour, a network of ours, an .onnx file."),
        new("--threshold", "linker.threshold", "COSINE", "Similarity at which somebody is taken for known; default the model's own."),
        new("--mqtt", "mqtt.broker", "URL", "Broker to publish to: mqtts://host, or mqtt:// with mqtt.allow_plaintext."),
        new("--no-mqtt", "mqtt.enabled", null, "Events go to events.jsonl only.", "false"),
        new("--site", "run.site", "NAME", "Site in topics and ids; default site."),
        new("--threads", "run.threads", "N", "CPU threads; default all cores. Results do not depend on it."),
        new("--device", "run.device", "auto|cpu|cuda", "Where networks run; default auto."),
    ];
}
