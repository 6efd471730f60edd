namespace Pharos.Server.Traces.Maps;

/// <summary>Responses with one code, per second.</summary>
internal sealed class MapResponses
{
    public SortedDictionary<string, double> Flags { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, double> Hosts { get; } = new(StringComparer.Ordinal);
}
