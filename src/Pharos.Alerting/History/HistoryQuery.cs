using Pharos.Storage.Model;

namespace Pharos.Alerting.History;

/// <summary>What a caller wants to see of a history.</summary>
public sealed record HistoryQuery
{
    public required int Limit { get; init; }

    /// <summary>On the labels of the alert, or of one of the alerts that were told.</summary>
    public IReadOnlyList<LabelMatcher> Matchers { get; init; } = [];

    /// <summary>Null: whatever receiver.</summary>
    public string? Receiver { get; init; }

    public DateTimeOffset Start { get; init; } = DateTimeOffset.MinValue;

    public DateTimeOffset End { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Where the last page ended; null: at the newest.</summary>
    public HistoryPosition? From { get; init; }

    internal bool Wants(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.Matches(labels.GetValueOrDefault(matcher.Name, "")))
            {
                return false;
            }
        }
        return true;
    }
}
