using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>Builds the first document of a text from YamlDotNet's events; keeps positions, refuses what would grow
/// without bound, and reports duplicate keys, unknown aliases and syntax errors instead of throwing.</summary>
internal sealed class YamlTreeBuilder
{
    /// <summary>The longest file that is read; real ones are below a megabyte.</summary>
    public const int MaxTextLength = 32 * 1024 * 1024;

    /// <summary>How deep lists and mappings may nest.</summary>
    public const int MaxDepth = 100;

    /// <summary>How many values a document may hold after its aliases are expanded ("billion laughs").</summary>
    public const int MaxExpandedNodes = 2_000_000;

    private const string MergeKey = "<<";

    private readonly ConfigReading _reading;
    private readonly IParser _parser;
    private readonly Dictionary<string, (YamlNode Node, int Size)> _anchors = new(StringComparer.Ordinal);

    private YamlTreeBuilder(ConfigReading reading)
    {
        _reading = reading;
        _parser = new Parser(new Scanner(new StringReader(reading.Text), skipComments: true));
    }

    /// <summary>The first document's root, or null where the text is empty or is no YAML (which is then reported).</summary>
    public static YamlNode? Build(ConfigReading reading)
    {
        if (reading.Text.Length > MaxTextLength)
        {
            reading.Error($"the file is longer than {MaxTextLength} characters");
            return null;
        }
        try
        {
            return new YamlTreeBuilder(reading).BuildDocument();
        }
        catch (YamlException e)
        {
            Report(reading, e.Start, $"not valid YAML: {WithoutPosition(e)}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or NotSupportedException or OverflowException or FormatException or KeyNotFoundException)
        {
            // The parser is meant to throw YamlException only; odd input has found other ways before.
            reading.Error("not valid YAML");
        }
        return null;
    }

    private YamlNode? BuildDocument()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is not DocumentStart)
        {
            return null;
        }
        _parser.MoveNext();
        var (root, _) = BuildNode(0);
        _parser.MoveNext();
        if (_parser.MoveNext() && _parser.Current is DocumentStart second)
        {
            _reading.Report(new ConfigProblem(ConfigSeverity.Warning, _reading.File, (int)second.Start.Line,
                (int)second.Start.Column, "", "only the first YAML document of the file is read"));
        }
        return root;
    }

    /// <summary>Builds the node at the current event and stands on its last event afterwards.</summary>
    private (YamlNode Node, int Size) BuildNode(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new SemanticErrorException(_parser.Current!.Start, _parser.Current.End,
                $"lists and mappings nest deeper than {MaxDepth}");
        }
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                // The name is not repeated: an unquoted secret that starts with * looks like an alias.
                return _anchors.TryGetValue(alias.Value.Value, out var anchored) ? anchored
                    : throw new SemanticErrorException(alias.Start, alias.End,
                        "an alias (*) names an anchor (&) that does not stand above it");
            case Scalar scalar:
                return Remember(scalar, BuildScalar(scalar), 1);
            case SequenceStart start:
                return BuildSequence(start, depth);
            case MappingStart start:
                return BuildMapping(start, depth);
            default:
                throw new SemanticErrorException(_parser.Current!.Start, _parser.Current.End, "a value is missing");
        }
    }

    private YamlScalar BuildScalar(Scalar scalar)
    {
        var built = new YamlScalar(
            scalar.Value, scalar.Style, scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value,
            (int)scalar.Start.Index, (int)scalar.End.Index, (int)scalar.Start.Line, (int)scalar.Start.Column);
        _reading.Keep(built);
        return built;
    }

    private (YamlNode Node, int Size) BuildSequence(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        var size = 1;
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            var (item, itemSize) = BuildNode(depth + 1);
            items.Add(item);
            size = Grow(size, itemSize);
        }
        return Remember(start, new YamlSequence(items, (int)start.Start.Line, (int)start.Start.Column), size);
    }

    private (YamlNode Node, int Size) BuildMapping(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        var merged = new List<YamlMapping>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var size = 1;
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var keyStart = _parser.Current!.Start;
            var (keyNode, _) = BuildNode(depth + 1);
            _parser.MoveNext();
            var (value, valueSize) = BuildNode(depth + 1);
            size = Grow(size, valueSize);
            if (keyNode is not YamlScalar key)
            {
                Report(_reading, keyStart, $"a key must be a single value, not {keyNode.Kind}");
            }
            else if (key.IsPlain && key.Text == MergeKey)
            {
                Merge(value, merged);
            }
            else if (seen.Add(key.Text))
            {
                entries.Add(new YamlEntry(key, value));
            }
            else
            {
                Report(_reading, keyStart, $"key \"{key.Text}\" stands twice in the same mapping");
            }
        }
        foreach (var entry in merged.SelectMany(mapping => mapping.Entries))
        {
            if (seen.Add(entry.Key.Text))
            {
                entries.Add(entry);
            }
        }
        return Remember(start, new YamlMapping(entries, (int)start.Start.Line, (int)start.Start.Column), size);
    }

    private void Merge(YamlNode value, List<YamlMapping> merged)
    {
        var parts = value is YamlSequence list ? list.Items : [value];
        foreach (var part in parts)
        {
            if (part is YamlMapping mapping)
            {
                merged.Add(mapping);
            }
            else
            {
                _reading.Report(new ConfigProblem(ConfigSeverity.Error, _reading.File, part.Line, part.Column, "",
                    $"the merge key << wants a mapping or a list of mappings, not {part.Kind}"));
            }
        }
    }

    private (YamlNode Node, int Size) Remember(NodeEvent source, YamlNode node, int size)
    {
        if (!source.Anchor.IsEmpty)
        {
            _anchors[source.Anchor.Value] = (node, size);
        }
        return (node, size);
    }

    private int Grow(int size, int by)
    {
        var grown = (long)size + by;
        return grown <= MaxExpandedNodes ? (int)grown : throw new SemanticErrorException(_parser.Current!.Start,
            _parser.Current.End, $"the document's aliases expand to more than {MaxExpandedNodes} values");
    }

    private static void Report(ConfigReading reading, Mark at, string message) => reading.Report(
        new ConfigProblem(ConfigSeverity.Error, reading.File, (int)at.Line, (int)at.Column, "", message));

    private static string WithoutPosition(YamlException e) => e.InnerException is null ? e.Message
        : $"{e.Message} {e.InnerException.Message}";
}
