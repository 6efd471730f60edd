using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Retention;

/// <summary>How long the samples of matching series are kept.</summary>
/// <param name="Matchers">All must match; none means every series.</param>
/// <param name="Time">Counted back from the store's newest sample, or from now where that is earlier; more than zero.</param>
public sealed record RetentionRule(IReadOnlyList<LabelMatcher> Matchers, TimeSpan Time)
{
    public bool Matches(LabelSet labels)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.Matches(labels[matcher.Name]))
            {
                return false;
            }
        }
        return true;
    }
}
