namespace Pharos.Server.Api.Loki.Fields;

/// <summary>A field that lines were found to have.</summary>
internal sealed class DetectedField(string label, string type, IReadOnlyList<string>? jsonPath)
{
    public string Label => label;

    public string Type => type;

    /// <summary>Where it lies in a line of JSON; null elsewhere.</summary>
    public IReadOnlyList<string>? JsonPath => jsonPath;

    /// <summary>What reads it out of a line; none for structured metadata.</summary>
    public SortedSet<string> Parsers { get; } = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were found.</summary>
    public List<string> Values { get; } = [];

    public HashSet<string> Distinct { get; } = new(StringComparer.Ordinal);
}
