namespace Pharos.Server.Dashboards.Model;

public sealed record Legend
{
    public bool Show { get; init; } = true;

    /// <summary><c>list</c> or <c>table</c>.</summary>
    public string Mode { get; init; } = "list";

    /// <summary><c>bottom</c> or <c>right</c>.</summary>
    public string Placement { get; init; } = "bottom";

    public IReadOnlyList<string> Calcs { get; init; } = [];
}
