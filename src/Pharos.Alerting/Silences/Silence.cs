using Pharos.Storage.Model;

namespace Pharos.Alerting.Silences;

/// <summary>Mutes every alert that all its matchers match, from <see cref="StartsAt"/> until before <see cref="EndsAt"/>.</summary>
public sealed record Silence
{
    /// <summary>Empty for one that is still to be created.</summary>
    public string Id { get; init; } = "";

    public required IReadOnlyList<LabelMatcher> Matchers { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public string Comment { get; init; } = "";

    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>The receiver that alone is told nothing of these alerts; empty for all of them. The alerts are not suppressed
    /// then: they are shown as active, and other receivers are told.</summary>
    public string Receiver { get; init; } = "";

    /// <summary>The recurring silence of which this is one window; empty for none.</summary>
    public string RecurringId { get; init; } = "";

    public SilenceState StateAt(DateTimeOffset now) =>
        now >= EndsAt ? SilenceState.Expired : now < StartsAt ? SilenceState.Pending : SilenceState.Active;

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
