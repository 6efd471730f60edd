using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>One node of the routing tree as the user wrote it: what is null or absent is inherited from the parent.</summary>
public sealed record RouteOptions
{
    public string? Receiver { get; init; }

    /// <summary>All must match. Those of <c>match</c> and <c>match_re</c> are among them.</summary>
    public IReadOnlyList<LabelMatcher> Matchers { get; init; } = [];

    public bool Continue { get; init; }

    /// <summary>Null is inherited; the single name <c>...</c> groups by all labels; an empty list makes one group.</summary>
    public IReadOnlyList<string>? GroupBy { get; init; }

    public TimeSpan? GroupWait { get; init; }

    public TimeSpan? GroupInterval { get; init; }

    public TimeSpan? RepeatInterval { get; init; }

    /// <summary>Names of time intervals; not inherited.</summary>
    public IReadOnlyList<string> MuteTimeIntervals { get; init; } = [];

    /// <summary>Names of time intervals; not inherited.</summary>
    public IReadOnlyList<string> ActiveTimeIntervals { get; init; } = [];

    /// <summary>Labels of the route itself, for templates; a child's replace its parent's.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];

    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];
}
