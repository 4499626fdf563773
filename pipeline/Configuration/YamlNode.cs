using YamlDotNet.Core;

namespace Pipeline.Cli.Configuration;

/// <summary>A value of the file with its place. (YamlDotNet's own tree refuses duplicate keys at the first one; we report all.)</summary>
/// <param name="At">Where it begins.</param>
internal abstract record YamlNode(Mark At);

/// <summary>A single value.</summary>
internal sealed record YamlScalar(Mark At, string Text, bool IsPlain) : YamlNode(At)
{
    /// <summary>Nothing was written, or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Keys with values, duplicates included.</summary>
internal sealed record YamlMap(Mark At, IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(At);

/// <summary>A list of values.</summary>
internal sealed record YamlList(Mark At, IReadOnlyList<YamlNode> Items) : YamlNode(At);
