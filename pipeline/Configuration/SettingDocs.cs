using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Pipeline.Cli.Configuration;

/// <summary>The doc comments of option records, read from the XML files that the compiler writes beside the assemblies: one text for code and help.</summary>
internal static partial class SettingDocs
{
    private static readonly Dictionary<Assembly, IReadOnlyDictionary<string, string>> Cache = [];

    /// <summary>The summary of a property on one line; empty when its assembly has no documentation file.</summary>
    public static string Of(PropertyInfo property) => Find(property.DeclaringType!, $"P:{Name(property.DeclaringType!)}.{property.Name}");

    /// <summary>The summary of a type on one line; empty when its assembly has no documentation file.</summary>
    public static string Of(Type type) => Find(type, $"T:{Name(type)}");

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Find(Type type, string member)
    {
        lock (Cache)
        {
            if (!Cache.TryGetValue(type.Assembly, out IReadOnlyDictionary<string, string>? docs))
            {
                Cache[type.Assembly] = docs = Read(Path.Combine(AppContext.BaseDirectory, type.Assembly.GetName().Name + ".xml"));
            }

            return docs.GetValueOrDefault(member, "");
        }
    }

    private static Dictionary<string, string> Read(string file)
    {
        Dictionary<string, string> docs = new(StringComparer.Ordinal);
        if (!File.Exists(file))
        {
            return docs;
        }

        using XmlReader reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        foreach (XElement member in XDocument.Load(reader).Descendants("member"))
        {
            if (member.Element("summary") is { } summary && member.Attribute("name") is { } name)
            {
                docs[name.Value] = Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();
            }
        }

        return docs;
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } link => Last((link.Attribute("cref") ?? link.Attribute("langword") ?? link.Attribute("name"))?.Value ?? link.Value),
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    // A property or an enum's member is named as it is written in YAML.
    private static string Last(string reference)
    {
        string name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("P:", StringComparison.Ordinal) || reference.StartsWith("F:", StringComparison.Ordinal) ? SettingSchema.Snake(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
