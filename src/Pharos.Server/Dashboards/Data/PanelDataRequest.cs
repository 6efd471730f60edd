namespace Pharos.Server.Dashboards.Data;

/// <summary>What the web interface asks for: a time range (ms, inclusive), its width in pixels, the chosen variables.</summary>
public sealed record PanelDataRequest
{
    public long From { get; init; }

    public long To { get; init; }

    public int Width { get; init; } = 800;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Variables { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}
