namespace Pharos.Server.Dashboards.Model;

/// <summary>A dashboard after reading and migration: what the web interface draws, and nothing of Grafana's history.</summary>
public sealed record Dashboard
{
    /// <summary>The file's own uid, or a stable hash of its path.</summary>
    public required string Uid { get; init; }

    public required string Title { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string Timezone { get; init; } = "browser";

    /// <summary>A duration, or empty for none.</summary>
    public string Refresh { get; init; } = "";

    public DashboardTime Time { get; init; } = new("now-6h", "now");

    public IReadOnlyList<Variable> Variables { get; init; } = [];

    public IReadOnlyList<Panel> Panels { get; init; } = [];

    /// <summary>What in the file could not be honoured.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The panel of that id, also inside rows, or null.</summary>
    public Panel? FindPanel(int id) =>
        Panels.Concat(Panels.SelectMany(panel => panel.Panels)).FirstOrDefault(panel => panel.Id == id);
}
