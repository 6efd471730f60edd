namespace Pharos.Alerting.Routing;

/// <summary>Which of Alertmanager's two notations of matchers is read.</summary>
public enum MatcherMode
{
    /// <summary>The newer one first, then the older; where both read the text differently, the older wins.</summary>
    Fallback,

    Utf8Strict,

    Classic,
}
