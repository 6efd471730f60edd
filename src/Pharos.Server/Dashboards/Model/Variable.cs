namespace Pharos.Server.Dashboards.Model;

/// <summary>A template variable. A query variable's options are found when the dashboard is asked for.</summary>
public sealed record Variable
{
    public required string Name { get; init; }

    public string Label { get; init; } = "";

    /// <summary><c>query</c>, <c>custom</c>, <c>textbox</c>, <c>constant</c>, <c>interval</c> or <c>datasource</c>.</summary>
    public required string Type { get; init; }

    public bool Multi { get; init; }

    public bool IncludeAll { get; init; }

    /// <summary>What stands for "all", or null for every option joined.</summary>
    public string? AllValue { get; init; }

    /// <summary>The query of a query variable: <c>label_values(metric, label)</c> and its kin.</summary>
    public string Query { get; init; } = "";

    public IReadOnlyList<VariableOption> Options { get; init; } = [];

    public IReadOnlyList<string> Current { get; init; } = [];

    /// <summary>0 shows all, 1 hides the label, 2 hides the variable.</summary>
    public int Hide { get; init; }
}
