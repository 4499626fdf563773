using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Cli.Configuration;

/// <summary>Reads one YAML document into nodes that know their line and column.</summary>
internal sealed class YamlReader
{
    // Settings are four levels deep; a file nested deeper than this is an attack on the stack.
    private const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];

    private YamlReader(TextReader text)
    {
        _parser = new Parser(text);
    }

    /// <summary>Reads the document; null when there is none (an empty file, or only comments).</summary>
    /// <exception cref="YamlException">The text is no YAML, with the place of the fault.</exception>
    public static YamlNode? Read(TextReader text)
    {
        YamlReader reader = new(text);
        try
        {
            return reader.Document();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            // YamlDotNet's scanner says no more than this of some faults (a line break inside a list without brackets' end).
            Mark at = reader._parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "cannot be read from here on; is a bracket or quote left open?");
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        YamlNode root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Current is DocumentStart second)
        {
            throw new YamlException(second.Start, second.End, "a second document begins here; one is allowed");
        }

        return root;
    }

    private YamlNode Node(int depth)
    {
        NodeEvent? next = _parser.Current as NodeEvent;
        if (depth > MaxDepth)
        {
            throw new YamlException(next?.Start ?? Mark.Empty, next?.End ?? Mark.Empty, $"nested more than {MaxDepth} levels deep");
        }

        if (_parser.Current is AnchorAlias alias)
        {
            _parser.MoveNext();
            return _anchors.TryGetValue(alias.Value, out YamlNode? known)
                ? known
                : throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value} refers to nothing before it");
        }

        YamlNode node = _parser.Accept<MappingStart>(out _) ? Map(depth) : _parser.Accept<SequenceStart>(out _) ? List(depth) : Scalar();
        if (next is { Anchor.IsEmpty: false })
        {
            _anchors[next.Anchor] = node;
        }

        return node;
    }

    private YamlMap Map(int depth)
    {
        MappingStart start = _parser.Consume<MappingStart>();
        List<(YamlScalar Key, YamlNode Value)> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(depth + 1) is not YamlScalar key)
            {
                throw new YamlException(start.Start, start.End, "a key must be one word");
            }

            entries.Add((key, Node(depth + 1)));
        }

        return new YamlMap(start.Start, entries);
    }

    private YamlList List(int depth)
    {
        SequenceStart start = _parser.Consume<SequenceStart>();
        List<YamlNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return new YamlList(start.Start, items);
    }

    private YamlScalar Scalar()
    {
        Scalar scalar = _parser.Consume<Scalar>();
        return new YamlScalar(scalar.Start, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }
}
