namespace Pharos.Server.Dashboards.Data;

/// <summary>What the web interface asks for: a time range (ms, inclusive), its width in pixels, the chosen variables.</summary>
public sealed record PanelDataRequest
{
    /// <summary>The farthest that JavaScript's dates reach from 1970, in milliseconds.</summary>
    private const long MaxTimeMs = 8_640_000_000_000_000;

    /// <summary>Pixels; wider than any screen, and narrow enough to keep the step sane.</summary>
    private const int MaxWidth = 20_000;

    public long From { get; init; }

    public long To { get; init; }

    public int Width { get; init; } = 800;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Variables { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Why this cannot be answered, or null where it can.</summary>
    public string? Refusal()
    {
        if (Math.Clamp(From, -MaxTimeMs, MaxTimeMs) != From || Math.Clamp(To, -MaxTimeMs, MaxTimeMs) != To)
        {
            return $"\"from\" and \"to\" are milliseconds between {-MaxTimeMs} and {MaxTimeMs}";
        }
        if (To <= From)
        {
            return "\"to\" must be after \"from\"; both are milliseconds";
        }
        if (Width is < 1 or > MaxWidth)
        {
            return $"\"width\" must be from 1 to {MaxWidth} pixels";
        }
        // The reader of JSON puts null also where the types say that there is none.
        return Variables is null || Variables.Any(variable => variable.Value is null || variable.Value.Any(value => value is null))
            ? "\"variables\" must give a list of texts for every name" : null;
    }
}
